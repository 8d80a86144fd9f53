"""The lines of Python beside a file: they run, and predict as the page does."""

import ast
import os
import subprocess
import sys

import numpy as np
import pytest

from fmnist.architecture import WEIGHT_SHAPES
from fmnist.data.dataset import CLASS_NAMES
from fmnist.inference.classifier import Classifier
from fmnist.runs.export import ENDINGS, file_name, network_file
from tests.conftest import weights_like_real
from ui.views.run.files import snippet


@pytest.mark.thorough
@pytest.mark.parametrize(("file_format", "language"), [(each, "es") for each in ENDINGS] + [("litert", "en")])
def test_a_snippet_runs(speak, tmp_path, file_format, language):
    speak(language)
    weights, name = weights_like_real(), file_name(file_format, 3, 10)
    (tmp_path / name).write_bytes(network_file(file_format, weights))
    code = snippet(file_format, name)
    assert len(code.splitlines()) == 5
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True,
        env=os.environ | {"KERAS_BACKEND": "tensorflow"},
    )  # fmt: skip
    last = done.stdout.splitlines()[-1]
    if file_format == "safetensors":
        assert ast.literal_eval(last) == WEIGHT_SHAPES
    elif file_format == "litert":
        assert last == CLASS_NAMES[Classifier(weights).logits(np.zeros((1, 28, 28)))[0].argmax()]
    else:
        assert last in CLASS_NAMES
