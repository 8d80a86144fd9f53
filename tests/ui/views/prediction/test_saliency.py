"""The sentences on the saliency of an image."""

import numpy as np
import pytest

from ui.views.prediction.saliency import grad_cam_sentence, occlusion_sentence

SHIRT = 6


def highest_at(row, column, size, value=0.5):
    values = np.zeros((size, size))
    values[row, column] = value
    return values


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (0, 0, "at the top left"),
        (0, 1, "at the top"),
        (1, 0, "at the left"),
        (1, 1, "in the middle"),
        (1, 2, "at the right"),
        (2, 2, "at the bottom right"),
    ],
)
def test_the_place_of_the_most_evidence_is_named(speak, row, column, words):
    speak("en")
    assert grad_cam_sentence(highest_at(row, column, 3), SHIRT) == f"The strongest evidence for Shirt is {words}."


def test_where_nothing_speaks_for_a_class_it_says_so(speak):
    speak("en")
    nothing = grad_cam_sentence(np.zeros((3, 3)), SHIRT)
    assert nothing == (
        "Grad-CAM finds no evidence for Shirt in the last convolution. The prediction can still be right: see "
        "the occlusion."
    )


@pytest.mark.parametrize(
    ("place", "words"), [(0, "at the top"), (4, "at the top"), (5, "in the middle"), (8, "in the middle"),
                         (9, "at the bottom"), (13, "at the bottom")],
)  # fmt: skip
def test_the_thirds_of_the_image_are_the_same_from_both_ends(speak, place, words):
    speak("en")
    assert f"The effect is largest {words}:" in occlusion_sentence(highest_at(place, 6, 14), 0.9, SHIRT)


def test_it_has_the_drop_of_the_probability(speak):
    speak("en")
    assert occlusion_sentence(highest_at(0, 13, 14, 0.75), 0.8, SHIRT) == (
        "The effect is largest at the top right: with that square covered, the probability of Shirt falls from "
        "80.0% to 5.0%."
    )
    speak("es")
    spanish = occlusion_sentence(highest_at(0, 13, 14, 0.75), 0.8, SHIRT).replace("\xa0", " ")
    assert "arriba a la derecha" in spanish and "baja de 80.0% a 5.0%" in spanish


def test_a_class_that_only_gains_is_told_so(speak):
    speak("en")
    assert occlusion_sentence(-highest_at(13, 0, 14, 0.25), 0.05, SHIRT) == (
        "No square is evidence for Shirt: with the one at the bottom left covered, its probability rises from "
        "5.0% to 30.0%."
    )


def test_a_change_too_small_to_matter_is_no_reason(speak):
    speak("en")
    assert occlusion_sentence(highest_at(3, 3, 14, 0.0049), 1.0, SHIRT) == (
        "No single square has an effect: whichever is covered, the probability of Shirt stays at about 100.0%."
    )
