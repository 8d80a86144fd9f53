"""Every format is made from weights alone, without TensorFlow, and states what it expects."""

import io
import json
import zipfile

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from safetensors import safe_open

from fmnist.architecture import INPUT, OUTPUT
from fmnist.data.dataset import CLASS_NAMES
from fmnist.inference.classifier import Classifier
from fmnist.inference.template import METADATA
from fmnist.runs.export import network_file
from tests.conftest import weights_like_real

WEIGHTS = weights_like_real()
IMAGE = np.random.default_rng(1).integers(0, 256, (28, 28), dtype=np.uint8)
ABOUT = {"input": INPUT, "output": OUTPUT, "class_names": list(CLASS_NAMES)}


@pytest.mark.parametrize("file_format", ["litert", "keras"])
def test_an_archive_states_what_it_expects(file_format):
    with zipfile.ZipFile(io.BytesIO(network_file(file_format, WEIGHTS))) as file:
        assert json.loads(file.read(METADATA)).items() >= ABOUT.items()
        assert file.testzip() is None


def test_safetensors_state_what_they_expect(tmp_path):
    path = tmp_path / "network.safetensors"
    path.write_bytes(network_file("safetensors", WEIGHTS))
    with safe_open(path, "np") as file:
        stated = file.metadata()
        assert all(np.array_equal(file.get_tensor(name), array) for name, array in WEIGHTS.items())
    assert json.loads(stated[METADATA]) == ABOUT


def test_the_first_output_of_litert_is_the_logits():
    interpreter = Interpreter(model_content=network_file("litert", WEIGHTS), num_threads=1)
    interpreter.allocate_tensors()
    (images,), outputs = interpreter.get_input_details(), interpreter.get_output_details()
    assert (images["shape_signature"].tolist(), images["dtype"]) == ([-1, 28, 28, 1], np.float32)
    interpreter.set_tensor(images["index"], IMAGE.reshape(1, 28, 28, 1).astype(np.float32) / 255)
    interpreter.invoke()
    logits = interpreter.get_tensor(outputs[0]["index"])
    assert np.array_equal(logits, Classifier(WEIGHTS).logits(IMAGE[None]))


@pytest.mark.parametrize("file_format", ["litert", "safetensors", "keras"])
def test_the_same_network_gives_the_same_bytes(file_format):
    assert network_file(file_format, WEIGHTS) == network_file(file_format, weights_like_real())
    assert network_file(file_format, WEIGHTS) != network_file(file_format, weights_like_real(1))
