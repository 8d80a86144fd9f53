"""Since when the network answers so: the page's third look."""

import numpy as np
import pytest

from fmnist.data.dataset import CLASS_NAMES
from tests.conftest import logits_like_real
from tests.ui.conftest import charts, rows, sentences
from tests.ui.pages.predict_page import shown, softmax
from ui.views.prediction.epochs import history_sentence


def lines(tab):
    """The drawn probabilities, epochs × classes."""
    (chart,) = charts(tab)
    table = rows(chart)
    table["class"] = table["class"].str.removeprefix("✓ ")
    return table.pivot(index="epoch", columns="class", values="probability")[list(CLASS_NAMES)].to_numpy()


def chosen(tab):
    (chart,) = charts(tab)
    (epoch,) = set(rows(chart)[rows(chart).chosen].epoch)
    return epoch


@pytest.mark.parametrize(("status", "index"), [("succeeded", 169), ("succeeded", 9_999), ("running", 0)])
def test_all_predictions_of_all_epochs_are_drawn(visit, speak, run_with_epochs, labels, status, index):
    run_with_epochs(3, status=status, epochs=5)
    tab = visit("predict", predict_view="epochs", index=str(index))
    logits = np.array([logits_like_real(epoch)[index] for epoch in (1, 2, 3)])

    assert lines(tab) == pytest.approx(np.array([softmax(one) for one in logits]), abs=1e-12)
    assert shown(tab) == f"Test image {index:,}: {CLASS_NAMES[labels[index]]}"
    speak("en")
    sentence = history_sentence(logits.argmax(axis=1), labels[index], (1, 2, 3))
    assert charts(tab)[0].proto.alt == sentence
    assert sentence in [text.value for text in tab.markdown]


def test_the_epoch_slider_moves_the_mark_and_the_verdict(visit, run_with_epochs):
    run_with_epochs(4)
    tab = visit("predict", predict_view="epochs")
    assert chosen(tab) == 4
    for epoch in (1, 3):
        tab.select_slider(key="choose_epoch").set_value(epoch).run()
        confidence = softmax(logits_like_real(epoch)[169])
        assert chosen(tab) == epoch
        assert tab.metric[0].value == CLASS_NAMES[confidence.argmax()]
        assert f", with a confidence of {confidence.max():.2%}" in sentences(tab)[0]


def test_a_new_epoch_adds_its_prediction(visit, run_with_epochs, train_epochs):
    run = run_with_epochs(2, status="running", epochs=4)
    tab = visit("predict", predict_view="epochs")
    train_epochs(run.id, "worker", 3)
    tab.run()

    assert len(lines(tab)) == chosen(tab) == 3


def test_with_one_epoch_there_is_no_line_yet(visit, run_with_epochs):
    run_with_epochs(1, status="running", epochs=4)
    tab = visit("predict", predict_view="epochs")

    assert not charts(tab)
    assert tab.metric[0].value == CLASS_NAMES[logits_like_real(1)[169].argmax()]
    assert any(text.value.startswith("Only one epoch is finished") for text in tab.markdown)


def test_of_training_images_no_past_is_kept(visit, run_with_epochs):
    run_with_epochs(2)
    tab = visit("predict", predict_view="epochs", sample_split="train", index="3")

    assert sentences(tab) == [
        "Only the predictions for the test images are stored after every epoch. Choose a test image to "
        "see them over the epochs."
    ]
    assert not charts(tab)


def test_a_run_deleted_meanwhile_is_explained(visit, desk, run_with_epochs):
    run, kept = run_with_epochs(3), run_with_epochs(2)
    tab = visit("predict", predict_view="epochs", run=run.id)
    desk.delete(run.id)
    tab.run()

    assert tab.warning
    assert tab.query_params == {"run": kept.id, "predict_view": "epochs"}
    assert len(lines(tab)) == 2
