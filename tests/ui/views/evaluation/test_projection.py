"""The most confused classes, in words."""

import numpy as np

from ui.views.evaluation.projection import confusion_sentence

LABELS = np.array([6, 6, 0, 4, 9, 9], np.uint8)


def test_the_pair_that_is_confused_most_is_named_in_both_directions(speak):
    speak("en")
    most = "The two classes most often confused are "

    # Shirt for T-shirt once and T-shirt for Shirt once are more than Ankle boot for Sneaker once.
    assert confusion_sentence(LABELS, np.array([0, 6, 6, 4, 7, 9])) == most + "T-shirt/top and Shirt: 2 images."
    assert confusion_sentence(LABELS, np.array([6, 6, 0, 4, 7, 9])) == most + "Sneaker and Ankle boot: 1 image."


def test_without_a_mistake_there_is_no_pair(speak):
    speak("en")
    assert confusion_sentence(LABELS, LABELS) == "No image is confused with another class."
