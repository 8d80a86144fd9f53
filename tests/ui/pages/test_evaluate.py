"""The Evaluate page: its matrix, its mistakes, and what a client may misuse."""

import json
import re

import numpy as np
import pytest

from fmnist.data.dataset import CLASS_NAMES
from fmnist.recipe import Recipe
from fmnist.runs.record import Claim
from tests.conftest import claim, epoch_like_real, logits_like_real, weights_like_real
from tests.ui.conftest import components, send, sentences

T_SHIRT, TROUSER, COAT, SHIRT = 0, 1, 4, 6
NUMBER = re.compile(r"\d[\d.,]*\d|\d")


@pytest.fixture
def run_with_predictions(store):
    """Make a run whose network says of the test images, after its epochs, these classes (n,)."""

    def make(*predicted):
        run = store.submit(Recipe(epochs=len(predicted)), "page")
        claim(store, run.id, "worker")
        for epoch, classes in enumerate(predicted, 1):
            logits = (5 * np.eye(10)[classes]).astype(np.float16)
            store.record_epoch(
                Claim(run.id, "training", "worker"), epoch_like_real(epoch), weights_like_real(), logits, {}, None
            )
        store.jobs.finish(Claim(run.id, "training", "worker"), "succeeded")
        return run

    return make


def component(tab, name):
    (found,) = [part.proto for part in components(tab) if part.proto.component_name.endswith(name)]
    return found


def drawn(tab, name):
    """Return the data of a component."""
    return json.loads(component(tab, name).json)


def send_event(tab, name, event, value):
    """Send what a component sends."""
    events = f"$$STREAMLIT_INTERNAL_KEY_{component(tab, name).id}__events"
    return send(tab, events, json_trigger_value=json.dumps([{"event": event, "value": value}]))


def indices(tab):
    """The test images of the gallery."""
    return [int(text.split()[2].rstrip(":").replace(",", "")) for text in drawn(tab, "grid")["descriptions"]]


def confidence(logits):
    powers = np.exp(logits.astype(float))
    return (powers / powers.sum(axis=1, keepdims=True)).max(axis=1)


def sorted_images(logits, chosen):
    chosen = np.flatnonzero(chosen)
    return chosen[np.argsort(-confidence(logits[chosen]), kind="stable")].tolist()


def test_it_opens_with_the_biggest_confusion_and_leaves_it_out_of_the_address(visit, run_with_epochs, labels):
    run = run_with_epochs(2)
    predicted = logits_like_real(2).argmax(axis=1)
    counts = np.array([[((labels == row) & (predicted == column)).sum() for column in range(10)] for row in range(10)])
    row, column = np.unravel_index((counts - np.diag([10_000] * 10)).argmax(), counts.shape)
    tab = visit("evaluate")

    matrix = drawn(tab, "matrix")
    assert matrix["texts"] == [str(count) for count in counts.ravel()]
    assert matrix["chosen"] == 10 * row + column
    assert matrix["descriptions"][64] == f"true Shirt, predicted Coat: {counts[SHIRT, COAT]} images"
    images = sorted_images(logits_like_real(2), (labels == row) & (predicted == column))
    assert indices(tab) == images[:25]
    names = f"True class **{CLASS_NAMES[row]}**, predicted **{CLASS_NAMES[column]}**"
    assert f"{names}: {len(images)} images, the most confident first." in [text.value for text in tab.markdown]
    right = counts.trace() / 10_000
    assert [number.value for number in tab.metric] == [f"{right:.2%}", f"{10_000 - counts.trace():,}"]
    assert tab.query_params == {"run": run.id}


def test_a_cell_opens_its_images(visit, run_with_epochs, labels):
    run = run_with_epochs(1)
    tab = send_event(visit("evaluate", gallery_page="2"), "matrix", "cell", 10 * SHIRT + COAT)
    images = sorted_images(logits_like_real(1), (labels == SHIRT) & (logits_like_real(1).argmax(axis=1) == COAT))

    assert drawn(tab, "matrix")["chosen"] == 64
    assert tab.query_params == {"run": run.id, "true": "6", "predicted": "4"}
    assert indices(tab) == images[:25]
    sure = confidence(logits_like_real(1)[images[:1]])[0]
    assert drawn(tab, "grid")["captions"][0] == f"{sure:.2%}"
    text = f"Test image {images[0]:,}: Shirt, predicted Coat with {sure:.2%}"
    assert drawn(tab, "grid")["descriptions"][0] == text

    tab.get_by_key("choose_gallery_page").set_value(2).run()
    assert indices(tab) == images[25:50]
    assert tab.query_params["gallery_page"] == "2"


def test_an_image_is_opened_with_the_same_network(visit, run_with_epochs):
    older, _newer = run_with_epochs(3), run_with_epochs(1)
    tab = visit("evaluate", run=older.id, epoch="2", true="6", predicted="4")
    third = indices(tab)[2]
    send_event(tab, "grid", "open", 2)

    assert tab.title[0].value == "Predict"
    assert tab.query_params == {"run": older.id, "epoch": "2", "index": str(third)}


@pytest.mark.parametrize("cell", [100, -1, 64.0, "64", None, True, [6, 4], {"cell": 64}])
def test_a_cell_that_is_none_opens_nothing(visit, run_with_epochs, cell):
    run = run_with_epochs(1)
    tab = send_event(visit("evaluate"), "matrix", "cell", cell)

    assert tab.query_params == {"run": run.id}


def test_the_cells_can_hold_shares(visit, run_with_predictions, labels):
    predicted = labels.copy()
    predicted[np.flatnonzero(labels == SHIRT)[:125]] = COAT
    run_with_predictions(predicted)
    tab = visit("evaluate")
    tab.button_group(key="choose_cell_values").set_value("normalized").run()

    assert drawn(tab, "matrix")["texts"][60:70] == ["0.0"] * 4 + ["12.5", "0.0", "87.5"] + ["0.0"] * 3
    assert drawn(tab, "matrix")["descriptions"][64] == "true Shirt, predicted Coat: 125 images, 12.5% of the class"
    assert tab.query_params["cell_values"] == "normalized"
    spanish = drawn(visit("evaluate", "es", cell_values="normalized"), "matrix")
    assert spanish["texts"][64] == "12.5"
    assert spanish["descriptions"][64].endswith("125 imágenes, 12.5% de la clase")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("address", [{}, {"cell_values": "normalized"}, {"evaluate_view": "misclassified"}])
def test_what_is_read_aloud_has_the_numbers_that_are_seen(visit, run_with_epochs, language, address):
    run_with_epochs(1)
    tab = visit("evaluate", language, **address)
    grid = drawn(tab, "grid")
    texts, descriptions = grid["captions"], grid["descriptions"]
    if "evaluate_view" not in address:
        matrix = drawn(tab, "matrix")
        texts, descriptions = texts + matrix["texts"], descriptions + matrix["descriptions"]

    for text, description in zip(texts, descriptions, strict=True):
        (number,) = NUMBER.findall(text)
        assert number in NUMBER.findall(description)


def test_one_class_in_the_address_is_completed_by_its_biggest_confusion(visit, run_with_predictions, labels):
    predicted = labels.copy()
    predicted[np.flatnonzero(labels == SHIRT)[:9]] = COAT
    predicted[np.flatnonzero(labels == TROUSER)[:2]] = COAT
    predicted[np.flatnonzero(labels == TROUSER)[2:3]] = SHIRT
    run_with_predictions(predicted)

    def chosen(**address):
        return divmod(drawn(visit("evaluate", **address), "matrix")["chosen"], 10)

    assert chosen() == chosen(predicted="4") == (SHIRT, COAT)
    assert chosen(true="1") == (TROUSER, COAT)
    assert chosen(predicted="6") == (TROUSER, SHIRT)
    assert chosen(true="9", predicted="9") == (9, 9)


def test_another_epoch_moves_matrix_images_and_table(visit, run_with_predictions, labels):
    half_wrong = labels.copy()
    half_wrong[np.flatnonzero(labels == SHIRT)[:500]] = COAT
    run = run_with_predictions(half_wrong, labels)
    tab = visit("evaluate", true="6", predicted="4")
    assert tab.table[0].value.iloc[SHIRT].tolist() == ["Shirt", "100.0%", "100.0%", "100.0%", "1,000"]
    tab.select_slider(key="choose_epoch").set_value(1).run()

    assert drawn(tab, "matrix")["texts"][64] == "500"
    assert indices(tab) == np.flatnonzero(labels == SHIRT)[:25].tolist()
    assert tab.table[0].value.iloc[SHIRT].tolist() == ["Shirt", "100.0%", "50.0%", "66.7%", "1,000"]
    assert [number.value for number in tab.metric] == ["95.00%", "500"]
    assert tab.query_params == {"run": run.id, "epoch": "1", "true": "6", "predicted": "4"}


def test_an_empty_cell_has_a_message(visit, run_with_predictions, labels):
    run_with_predictions(labels)
    tab = visit("evaluate", true="6", predicted="4")

    assert sentences(tab) == ["True class Shirt, predicted Coat: no image at all."]
    assert len(components(tab)) == 1


def test_a_class_that_is_never_predicted_has_no_precision(visit, run_with_predictions):
    run_with_predictions(np.full(10_000, T_SHIRT))
    tab = visit("evaluate")

    assert tab.table[0].value["Precision"].tolist() == ["10.0%"] + ["–"] * 9
    assert tab.table[0].value["Recall"].tolist() == ["100.0%"] + ["0.0%"] * 9
    sentence = "**9** of the ten classes are never predicted correctly."
    assert sentence in [text.value for text in tab.markdown]


def test_mistakes_come_the_most_confident_first(visit, run_with_epochs, labels):
    run_with_epochs(1)
    predicted = logits_like_real(1).argmax(axis=1)
    wrong = sorted_images(logits_like_real(1), predicted != labels)
    tab = visit("evaluate")
    tab.button_group(key="choose_evaluate_view").set_value("misclassified").run()

    assert indices(tab) == wrong[:25]
    assert any(f"{len(wrong):,} mistakes" in text.value for text in tab.markdown)
    first, sure = wrong[0], confidence(logits_like_real(1)[wrong[:1]])[0]
    caption = drawn(tab, "grid")["captions"][0].replace("\N{NO-BREAK SPACE}", " ")
    assert caption == f"✓ {CLASS_NAMES[labels[first]]}\n✗ {CLASS_NAMES[predicted[first]]} {sure:.2%}"


def test_mistakes_of_a_pair_of_classes(visit, run_with_epochs, labels):
    run = run_with_epochs(1)
    predicted = logits_like_real(1).argmax(axis=1)
    tab = visit("evaluate", evaluate_view="misclassified", gallery_page="3")
    tab.selectbox(key="choose_true").set_value(SHIRT).run()
    assert indices(tab) == sorted_images(logits_like_real(1), (labels == SHIRT) & (predicted != SHIRT))[:25]

    tab.selectbox(key="choose_predicted").set_value(COAT).run()
    assert indices(tab) == sorted_images(logits_like_real(1), (labels == SHIRT) & (predicted == COAT))[:25]
    assert tab.query_params == {"run": run.id, "evaluate_view": "misclassified", "true": "6", "predicted": "4"}

    tab.selectbox(key="choose_true").set_value(None).run()
    assert indices(tab) == sorted_images(logits_like_real(1), (labels != COAT) & (predicted == COAT))[:25]


def test_the_same_class_twice_is_no_mistake(visit, run_with_epochs):
    run_with_epochs(1)
    tab = visit("evaluate", evaluate_view="misclassified", true="6", predicted="6")

    assert sentences(tab) == [
        "Images of the class Shirt that are predicted as Shirt are no mistakes. Choose two different classes."
    ]
    assert not components(tab)
    assert [button.proto.disabled for button in tab.get("download_button")] == [True]


def test_a_network_that_is_always_right_has_no_mistakes(visit, run_with_predictions, labels):
    run_with_predictions(labels)

    assert sentences(visit("evaluate", evaluate_view="misclassified")) == ["There is no such mistake."]
    assert len(sentences(visit("evaluate"))) == 1


def test_a_page_past_the_last_shows_the_last(visit, run_with_predictions, labels):
    predicted = labels.copy()
    predicted[np.flatnonzero(labels == SHIRT)[:30]] = COAT
    run = run_with_predictions(predicted)
    tab = visit("evaluate", evaluate_view="misclassified", gallery_page="400")

    assert len(indices(tab)) == 5
    assert tab.query_params == {"run": run.id, "evaluate_view": "misclassified", "gallery_page": "2"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("evaluate_view", "x"), ("cell_values", "x"), ("true", "10"), ("predicted", "-1"), ("gallery_page", "0")],
)
def test_an_invalid_address_is_explained(visit, run_with_epochs, name, value):
    run = run_with_epochs(1)
    tab = visit("evaluate", **{name: value})

    (warning,) = sentences(tab)
    assert warning.startswith(f"The address contains {name}='{value}'")
    assert len(components(tab)) == 2
    assert tab.query_params == {"run": run.id}


def test_a_run_deleted_in_another_tab_is_explained(visit, store, run_with_epochs):
    run, kept = run_with_epochs(1), run_with_epochs(1)
    tab = visit("evaluate", run=run.id, true="6", predicted="4")
    store.delete(run.id)
    tab.run()

    assert sentences(tab)[0].startswith(f"There is no run {run.id}; it may have been deleted.")
    assert tab.query_params["run"] == kept.id
