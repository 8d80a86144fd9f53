import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from fmnist.architecture import LAYERS, WEIGHT_SHAPES
from fmnist.inference import template
from fmnist.inference.classifier import Classifier
from fmnist.runs.export import network_file
from fmnist.training.export import to_litert, write_templates
from fmnist.training.network import build, get_weights, initial_weights
from tests.conftest import weights_like_real

ZEROS = {name: np.zeros(shape, np.float32) for name, shape in WEIGHT_SHAPES.items()}


@pytest.fixture(scope="module")
def model():
    return build(initial_weights(4))


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(4).integers(0, 256, (20, 28, 28), dtype=np.uint8)


def pixels(images):
    return images[..., np.newaxis].astype(np.float32) / 255


def logits_of(model, images):
    return model(pixels(images)).numpy()


def answer_of(litert, images):
    return Interpreter(model_content=litert, num_threads=1).get_signature_runner()(images=pixels(images))


def test_the_keras_archive_opens_in_keras_and_is_trained_on(model, images, tmp_path):
    path = tmp_path / "network.keras"
    path.write_bytes(network_file("keras", get_weights(model)))
    opened = keras.saving.load_model(path)
    assert np.array_equal(logits_of(opened, images), logits_of(model, images))
    assert opened.loss.get_config()["from_logits"]
    labels = np.arange(len(images)) % 10
    before, _ = opened.evaluate(pixels(images), labels, verbose=0)
    history = opened.fit(pixels(images), labels, epochs=20, verbose=0).history
    assert history["loss"][-1] < before
    assert 0 <= history["accuracy"][-1] <= 1


@pytest.mark.thorough
def test_litert_gives_every_layers_output(model, images):
    exported = to_litert(get_weights(model))
    outputs = keras.Model(model.inputs[0], {layer.name: layer.output for layer in model.layers})
    expected = outputs(pixels(images))
    answered = answer_of(exported, images)
    assert answered.keys() == {layer.name for layer in LAYERS}
    for layer in LAYERS:
        assert answered[layer.name].shape == (len(images), *layer.output_shape)
        assert answered[layer.name] == pytest.approx(expected[layer.name].numpy(), abs=1e-4)
    assert len(exported) < 400_000


@pytest.mark.parametrize("weights", [weights_like_real(), ZEROS], ids=["random", "zeros"])
def test_a_classifier_answers_as_a_file_exported_for_its_weights(weights, images):
    exported, classifier = to_litert(weights), Classifier(weights)
    for image in images:
        activations = classifier.activations(image)
        for name, output in answer_of(exported, image[None]).items():
            assert np.array_equal(activations[name], output[0]), name


def test_the_templates_are_written_only_with_every_mark_in_its_place(tmp_path, monkeypatch):
    monkeypatch.setattr(template, "FILE", tmp_path / "network.tflite")
    monkeypatch.setattr(template, "ARCHIVE", tmp_path / "network.keras")
    write_templates()
    assert template.FILE.stat().st_size < 400_000
    assert template.ARCHIVE.stat().st_size < 200_000
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    litert = template.FILE.read_bytes()
    monkeypatch.setattr("fmnist.training.export.to_litert", lambda weights: litert + litert)
    with pytest.raises(ValueError, match=r"convolution_1/kernel are 2 times"):
        write_templates()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
