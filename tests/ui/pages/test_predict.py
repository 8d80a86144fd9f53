"""The Predict page, as a person uses it and as a client misuses it."""

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from fmnist.data.dataset import CLASS_NAMES
from tests.conftest import logits_like_real
from tests.ui.conftest import PROJECT, charts, click, rows, send, sentences
from ui import resources

NOBODY = "0" * 32

# In a process of its own, because the pages never meet TensorFlow.
EXPORT = """
import sys
import numpy as np
from fmnist.training.export import to_litert
from fmnist.training.network import build, weights_of

images, litert, logits = sys.argv[1:]
model = build(seed=6)
with open(litert, "wb") as file:
    file.write(to_litert(weights_of(model)))
np.save(logits, model(np.load(images)[..., np.newaxis].astype(np.float32) / 255).numpy())
"""


@dataclass
class Network:
    """A LiteRT file and what Keras answers to the first training images."""

    litert: bytes
    logits: np.ndarray


@pytest.fixture(scope="session")
def dataset():
    loader = resources.dataset_loader()
    assert loader.wait(60)
    return loader.dataset


@pytest.fixture(scope="session")
def network(dataset, tmp_path_factory):
    folder = tmp_path_factory.mktemp("network")
    images, litert, logits = (folder / name for name in ("images.npy", "network.tflite", "logits.npy"))
    np.save(images, dataset.train.images[:20])
    subprocess.run([sys.executable, "-c", EXPORT, images, litert, logits], cwd=PROJECT, check=True, capture_output=True)
    return Network(litert.read_bytes(), np.load(logits))


@pytest.fixture
def labels(dataset):
    return dataset.test.labels


def softmax(logits):
    powers = np.exp(logits.astype(float))
    return powers / powers.sum()


def drawn_confidence(tab):
    (chart,) = charts(tab)
    return rows(chart).sort_values("order").confidence.to_numpy()


def shown(tab):
    """The picture's caption."""
    return tab.get("image")[0].proto.imgs[0].caption


def test_an_empty_page_has_one_obvious_button_that_leads_to_train(visit):
    tab = visit("predict")

    assert sentences(tab) == ["There is no trained network to ask yet."]
    (button,) = tab.button
    assert (button.label, button.proto.type) == ("Train a network", "primary")
    assert click(tab, "Train a network").title[0].value == "Train a network"


def test_a_network_in_its_first_epoch_is_waited_for(visit, run_with_epochs):
    run_with_epochs(0, status="running")
    tab = visit("predict")

    assert sentences(tab) == ["The network is in its first epoch. It answers as soon as that has ended."]
    assert not charts(tab)


def test_it_opens_with_the_notebooks_image(visit, run_with_epochs):
    run = run_with_epochs(1)
    tab = visit("predict")

    assert shown(tab) == "Test image 169: Pullover"
    assert tab.get("image")[0].proto.imgs[0].url
    assert tab.query_params == {"run": run.id}
    assert [widget.value for widget in (*tab.number_input, *tab.slider)] == [169, 169]


@pytest.mark.parametrize("index", [0, 169, 9_999])
def test_the_answer_is_the_softmax_of_the_stored_logits(visit, run_with_epochs, labels, index):
    run_with_epochs(2)
    tab = visit("predict", index=str(index))
    logits = logits_like_real(2)[index]
    confidence = softmax(logits)
    said = CLASS_NAMES[confidence.argmax()]

    assert tab.metric[0].value == said
    assert drawn_confidence(tab) == pytest.approx(confidence, abs=1e-12)
    assert rows(*charts(tab)).score.to_numpy() == pytest.approx(1 / (1 + np.exp(-logits.astype(float))), abs=1e-12)
    (verdict,) = sentences(tab)
    assert verdict.startswith(f"{confidence.max():.2%} confident, ")
    assert verdict.endswith("right.") == (confidence.argmax() == labels[index])
    assert any("its ten scores add up to" in text.value for text in tab.markdown)


def test_right_and_wrong_answers_are_told_apart(visit, run_with_epochs, labels):
    run_with_epochs(1)
    right = logits_like_real(1).argmax(axis=1) == labels
    good, bad = int(np.flatnonzero(right)[0]), int(np.flatnonzero(~right)[0])

    tab = visit("predict", index=str(good))
    assert len(tab.success) == 1 and not tab.error
    tab = visit("predict", index=str(bad))
    assert len(tab.error) == 1 and not tab.success
    assert tab.error[0].value.endswith(f"but wrong: it is {CLASS_NAMES[labels[bad]]}.")


def test_slider_and_number_show_one_image(visit, run_with_epochs):
    run_with_epochs(1)
    tab = visit("predict")
    tab.slider(key="choose_index").set_value(12).run()
    assert tab.number_input(key="type_index").value == 12
    tab.number_input(key="type_index").set_value(13).run()

    assert tab.slider(key="choose_index").value == 13
    assert shown(tab).startswith("Test image 13: ")
    assert tab.query_params["index"] == "13"


def test_a_random_image_is_one_of_the_split(visit, run_with_epochs):
    run_with_epochs(1)
    tab = visit("predict")
    drawn = set()
    for _ in range(4):
        click(tab, "Random")
        drawn.add(tab.slider(key="choose_index").value)

    assert len(drawn) > 1
    assert all(0 <= index < 10_000 for index in drawn)


def test_the_next_mistake_goes_round(visit, run_with_epochs, labels):
    run_with_epochs(1)
    wrong = np.flatnonzero(logits_like_real(1).argmax(axis=1) != labels)
    tab = visit("predict", index="0")
    found = []
    for _ in range(3):
        click(tab, "Next mistake")
        found.append(tab.slider(key="choose_index").value)
        assert tab.error
    assert found == wrong[wrong > 0][:3].tolist()

    tab = click(visit("predict", index="9999"), "Next mistake")
    assert tab.slider(key="choose_index").value == wrong[0]


def test_every_finished_epoch_can_be_asked(visit, run_with_epochs):
    run = run_with_epochs(3)
    tab = visit("predict")
    assert tab.slider(key="choose_epoch").value == 3
    assert drawn_confidence(tab) == pytest.approx(softmax(logits_like_real(3)[169]), abs=1e-12)

    tab.slider(key="choose_epoch").set_value(1).run()
    assert drawn_confidence(tab) == pytest.approx(softmax(logits_like_real(1)[169]), abs=1e-12)
    assert tab.query_params == {"run": run.id, "epoch": "1"}
    assert drawn_confidence(visit("predict", epoch="2")) == pytest.approx(softmax(logits_like_real(2)[169]), abs=1e-12)


def test_the_newest_epoch_stays_the_newest_when_another_is_finished(visit, run_with_epochs, train_epochs):
    run = run_with_epochs(2, status="running", epochs=4)
    tab = visit("predict")
    train_epochs(run.id, "worker", 3)
    tab.run()
    assert tab.slider(key="choose_epoch").value == 3

    tab.slider(key="choose_epoch").set_value(2).run()
    train_epochs(run.id, "worker", 4)
    tab.run()
    assert tab.slider(key="choose_epoch").value == 2, "a chosen epoch stays chosen"


def test_another_run_is_asked_with_its_newest_epoch(visit, run_with_epochs):
    older, newer = run_with_epochs(3), run_with_epochs(2)
    tab = visit("predict", epoch="1")
    assert tab.selectbox(key="choose_run").value == newer.id
    tab.selectbox(key="choose_run").set_value(older.id).run()

    assert tab.query_params == {"run": older.id}
    assert tab.slider(key="choose_epoch").value == 3


def test_an_epoch_is_checked_against_the_run_that_answers(visit, run_with_epochs):
    running = run_with_epochs(2, status="running", epochs=5)
    run_with_epochs(4)
    tab = visit("predict", epoch="4")

    assert tab.query_params == {"run": running.id}
    assert sentences(tab)[0] == "Run 1 has no finished epoch 4; epoch 2 answers."
    assert tab.slider(key="choose_epoch").value == 2


def test_a_run_in_its_first_epoch_lets_another_answer(visit, run_with_epochs):
    done, begun = run_with_epochs(2), run_with_epochs(0, status="running")
    tab = visit("train")
    assert tab.query_params == {"run": begun.id}
    tab.switch_page("ui/pages/predict.py").run()

    assert sentences(tab)[0] == "Run 2 has no finished epoch yet; another one answers."
    assert tab.query_params == {"run": done.id}
    assert len(charts(tab)) == 1


@pytest.mark.parametrize("run_id", [NOBODY, "x", "é" * 500])
def test_an_unknown_run_is_explained_and_another_answers(visit, run_with_epochs, run_id):
    run = run_with_epochs(1)
    tab = visit("predict", run=run_id, epoch="7")

    (said,) = [box.value for box in tab.warning]
    assert said.startswith(f"There is no run {run_id[:40]}; it may have been deleted.")
    assert tab.query_params == {"run": run.id}
    assert len(charts(tab)) == 1


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"epoch": "4"}, "Run 1 has no finished epoch 4; epoch 3 answers."),
        ({"epoch": "0"}, "The address says epoch='0'; choose a number from 1 to 200."),
        ({"index": "10000"}, "There is no test image 10000; choose an index from 0 to 9,999."),
        ({"index": "-1"}, "There is no test image -1; choose an index from 0 to 9,999."),
        ({"of": "x"}, "The address says of='x'; it can be train, test."),
    ],
)
def test_an_address_that_cannot_be_had_is_explained_and_something_answers(visit, run_with_epochs, parameters, sentence):
    run = run_with_epochs(3)
    tab = visit("predict", **parameters)

    assert [box.value for box in tab.warning] == [sentence]
    assert shown(tab) == "Test image 169: Pullover"
    assert tab.query_params == {"run": run.id}


def test_a_training_image_is_answered_by_the_finished_network(visit, run_with_epochs, network, dataset):
    run_with_epochs(2, files={"network.tflite": network.litert})
    for index in (0, 7):
        tab = visit("predict", of="train", index=str(index))
        assert shown(tab) == f"Training image {index}: {CLASS_NAMES[dataset.train.labels[index]]}"
        assert drawn_confidence(tab) == pytest.approx(softmax(network.logits[index]), abs=1e-5)

    assert [button.label for button in tab.button] == ["Random", "Back to the test images"]
    click(tab, "Random")
    assert tab.slider(key="choose_index").proto.max == 59_999
    click(tab, "Back to the test images")
    assert shown(tab) == "Test image 169: Pullover"
    assert drawn_confidence(tab) == pytest.approx(softmax(logits_like_real(2)[169]), abs=1e-12)


def test_a_training_image_waits_for_the_network_to_finish(visit, run_with_epochs):
    run_with_epochs(1, status="running", epochs=2)
    tab = visit("predict", of="train", index="3")

    assert sentences(tab) == [
        "Training images are answered by the finished network; test images at once, while it trains."
    ]
    assert not charts(tab)


def test_the_network_after_more_epochs_is_another_one(visit, desk, run_with_epochs, train_epochs, network):
    run = run_with_epochs(1, files={"network.tflite": b"no network"})
    desk.extend(run.id, 1)
    desk.store.claim(run.id, "worker", {})
    train_epochs(run.id, "worker", 2)
    tab = visit("predict", of="train", index="3")
    assert len(tab.info) == 1, "the old network is not the newest epoch's"

    desk.store.finish(run.id, "worker", "succeeded", {"network.tflite": network.litert})
    tab.run()
    assert drawn_confidence(tab) == pytest.approx(softmax(network.logits[3]), abs=1e-5)


@pytest.mark.parametrize("value", [-1, 10_000, 10**9])
def test_an_index_past_the_widgets_shows_an_image_all_the_same(visit, run_with_epochs, value):
    run_with_epochs(2)
    tab = visit("predict")
    tab.number_input(key="type_index").set_value(value).run()
    assert tab.session_state["session"].index in range(10_000)
    assert len(charts(tab)) == 1

    send(tab, tab.slider(key="choose_index").proto.id, double_array_value={"data": [value]})
    assert not tab.exception
    send(tab, tab.slider(key="choose_epoch").proto.id, double_array_value={"data": [value]})
    assert not tab.exception
    assert len(charts(tab.run())) == 1


def test_a_run_deleted_in_another_tab_is_explained(visit, desk, run_with_epochs):
    run, kept = run_with_epochs(1), run_with_epochs(2)
    tab = visit("predict", run=run.id)
    desk.delete(run.id)
    tab.run()

    (said,) = [box.value for box in tab.warning]
    assert said.startswith(f"There is no run {run.id}; it may have been deleted.")
    assert tab.query_params == {"run": kept.id}
    assert len(charts(tab)) == 1


def test_it_answers_in_spanish(visit, run_with_epochs, labels):
    run_with_epochs(1)
    tab = visit("predict", "es")

    assert shown(tab) == "Imagen de prueba 169: Jersey"
    (verdict,) = sentences(tab)
    assert verdict.startswith("Confianza: ")
    assert tab.selectbox(key="choose_run").options == [
        "Entrenamiento 1 · Propia · 1 época · acierta 74,0 % de las imágenes de prueba"
    ]
