"""Since when an answer is right, in words."""

import numpy as np
import pytest

from ui.views.prediction.epochs import history_sentence

PULLOVER, DRESS, COAT = 2, 3, 4


@pytest.mark.parametrize(
    ("predicted", "sentence"),
    [
        ([COAT], "Only one epoch is finished; it predicts Coat. From the second epoch on, its predictions are "
                 "drawn here."),
        ([COAT, COAT, COAT], "Right after all 3 epochs."),
        ([PULLOVER, PULLOVER], "Never right: Pullover is predicted after all 2 epochs."),
        ([PULLOVER, PULLOVER, COAT, COAT], "Right from epoch 3 on; before, Pullover is predicted."),
        ([PULLOVER, DRESS, COAT], "Right from epoch 3 on. Predictions by epoch: Pullover in 1; Dress in 2; Coat in 3."),
        ([PULLOVER, DRESS, DRESS], "Not right after any of 3 epochs. "
                                    "Predictions by epoch: Pullover in 1; Dress in 2–3."),
        ([COAT, COAT, DRESS], "Right after 2 epochs of 3. Predictions by epoch: Coat in 1–2; Dress in 3."),
        ([DRESS, COAT, DRESS, DRESS], "Right after 1 epoch of 4. Predictions by epoch: Dress in 1, 3–4; Coat in 2."),
        ([COAT, DRESS] * 10, "Right after 10 epochs of 20. The prediction changed 19 times."),
    ],
)  # fmt: skip
def test_every_course_has_its_sentence(speak, predicted, sentence):
    speak("en")
    assert history_sentence(np.array(predicted), COAT, tuple(range(1, len(predicted) + 1))) == sentence


def test_epochs_are_called_by_their_own_numbers_where_not_all_are_kept(speak):
    speak("en")
    assert (
        history_sentence(np.array([PULLOVER, COAT]), COAT, (5, 60))
        == "Right from epoch 60 on; before, Pullover is predicted."
    )
    message = "Right after 1 epoch of 3. Predictions by epoch: Coat in 2; Dress in 4–9."
    assert history_sentence(np.array([COAT, DRESS, DRESS]), COAT, (2, 4, 9)) == message


def test_it_is_told_in_spanish(speak):
    speak("es")
    assert (
        history_sentence(np.array([PULLOVER, COAT]), COAT, (1, 2))
        == "Correcta desde la época 2; antes se predice Suéter."
    )
