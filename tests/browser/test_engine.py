"""The network in JavaScript, alone in Chromium, beside LiteRT and the analysis in NumPy."""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from safetensors.numpy import save

from fmnist.analysis.metrics import sigmoid, softmax
from fmnist.analysis.ood import energy, features
from fmnist.analysis.saliency import grad_cam, occlusion
from fmnist.architecture import LAYERS, WEIGHT_SHAPES
from fmnist.data.dataset import load_dataset
from fmnist.inference.classifier import Classifier
from fmnist.pretrained.network import read
from fmnist.runs.export import network_file
from fmnist.runs.ood import distances_of
from fmnist.settings import Settings
from testing.serving import PROJECT

ENGINE = PROJECT / "ui/components/network/engine"
LOAD = """async (file) => {
    const { readSafetensors } = await import("./safetensors.js")
    window.engine = {
        ...(await import("./network.js")), ...(await import("./scores.js")), ...(await import("./saliency.js")),
    }
    window.bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0))
    window.image = (bytes) => Float32Array.from(bytes, (each) => each / 255)
    window.network = new engine.Network(readSafetensors(bytes(file).buffer))
}"""


@pytest.fixture
def engine(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()

    def serve(route) -> None:
        name = Path(route.request.url).name
        if name.endswith(".js"):
            route.fulfill(path=ENGINE / name, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route("http://engine.test/**", serve)
    page.goto("http://engine.test/")
    yield page
    page.close()


def text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def load(page: Page, weights: dict[str, np.ndarray]) -> None:
    page.evaluate(LOAD, text(network_file("safetensors", weights)))


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return load_dataset(Settings.from_environment()).test.images


def included() -> dict[str, np.ndarray]:
    return read().kept[-1].weights


def random_weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    return {name: random.normal(0, 0.1, shape).astype(np.float32) for name, shape in WEIGHT_SHAPES.items()}


def zeros() -> dict[str, np.ndarray]:
    return {name: np.zeros(shape, np.float32) for name, shape in WEIGHT_SHAPES.items()}


@pytest.mark.thorough
@pytest.mark.parametrize("weights", [included, random_weights, zeros])
def test_every_layer_gives_what_litert_gives(engine, images, weights):
    arrays = weights()
    load(engine, arrays)
    for image in [*images[:20], np.zeros_like(images[0]), np.full_like(images[0], 255)]:
        found = engine.evaluate(
            "text => Object.fromEntries(Object.entries(network.forward(image(bytes(text)))).map("
            "([name, values]) => [name, Array.from(values)]))",
            text(image.tobytes()),
        )
        wanted = Classifier(arrays).activations(image)
        assert [layer.name for layer in LAYERS if layer.name not in found] == []
        for layer in LAYERS:
            np.testing.assert_allclose(found[layer.name], wanted[layer.name].ravel(), rtol=1e-5, atol=2e-5)


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=[pytest.mark.thorough, pytest.mark.timeout(600)])])
def test_test_images_get_the_logits_that_litert_gives_them(engine, images, count):
    weights = included()
    load(engine, weights)
    found = engine.evaluate(
        "text => { const all = bytes(text); return Array.from({ length: all.length / 784 }, (_, index) => "
        "Array.from(network.forward(image(all.subarray(784 * index, 784 * (index + 1)))).logits)) }",
        text(images[:count].tobytes()),
    )
    wanted = Classifier(weights).logits(images[:count])

    assert np.abs(np.array(found) - wanted).max() <= 2e-5
    assert (np.argmax(found, axis=1) == wanted.argmax(axis=1)).all()


def test_scores_are_those_of_the_analysis(engine):
    load(engine, zeros())
    for logits in (np.arange(10), np.full(10, -200.0), np.array([700.0, -700, *range(8)])):
        found = engine.evaluate(
            "values => { const logits = Float32Array.from(values); return "
            "[engine.softmax(logits), engine.sigmoid(logits), engine.energy(logits), engine.predictedClass(logits)] }",
            logits.tolist(),
        )
        np.testing.assert_allclose(found[0], softmax(logits), atol=1e-12)
        np.testing.assert_allclose(found[1], sigmoid(logits), atol=1e-12)
        assert found[2] == pytest.approx(energy(logits))
        assert found[3] == logits.argmax()


def test_the_out_of_distribution_percentile_is_that_of_the_analysis(engine, images):
    weights = included()
    load(engine, weights)
    statistics = distances_of(weights)
    arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in statistics.arrays().items()}
    classifier = Classifier(weights)
    noise = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    for image in [*images[:20], noise]:
        found = engine.evaluate(
            "async ([file, text]) => { const { ClassDistances } = await import('./distances.js');"
            "const { readSafetensors } = await import('./safetensors.js');"
            "const statistics = new ClassDistances(readSafetensors(bytes(file).buffer));"
            "return statistics.percentile(network.forward(image(bytes(text)))) }",
            [text(save(arrays)), text(image.tobytes())],
        )
        wanted = statistics.percentile(features(image, classifier.activations(image))[np.newaxis])[0]
        assert found == pytest.approx(wanted, abs=2e-3)


@pytest.mark.parametrize("index", [0, 11, 169])
def test_saliency_is_that_of_the_analysis(engine, images, index):
    weights, image = included(), images[index]
    load(engine, weights)
    classifier = Classifier(weights)
    outputs = classifier.activations(image)
    for label in (0, 2, 9):
        found = engine.evaluate(
            "([text, label]) => { const pixels = image(bytes(text)); return ["
            "Array.from(engine.gradCam(network.forward(pixels), network.weights, label)), "
            "Array.from(engine.occlusion(network, pixels, label))] }",
            [text(image.tobytes()), label],
        )
        np.testing.assert_allclose(found[0], grad_cam(outputs, weights, label).ravel(), rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(found[1], occlusion(classifier.logits, image, label).ravel(), atol=1e-5)
