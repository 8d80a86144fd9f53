import numpy as np
import pytest

from fmnist.plots import figures, rendering

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)
NAMES = [f"class {number} ñ" for number in range(7)]
CURVES = rendering.Curves(
    ["Corrida 1"] * 2, ["entrenamiento", "validación"], [1, 1], [0.8, 0.85], ("validación", "entrenamiento"),
    ("Época", "Exactitud"), (1, 5), (0.79, 0.96), ["#0072b2", "#d55e00"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("drawn", "figure"),
    [
        (lambda: rendering.grid(IMAGES, NAMES, "png"), lambda: figures.grid(IMAGES, NAMES)),
        (
            lambda: rendering.accuracy_curves(CURVES, "png"),
            lambda: figures.accuracy_curves(**{name: np.array(value) for name, value in CURVES._asdict().items()}),
        ),
    ],
)
def test_another_process_draws_the_same_figure(drawn, figure):
    assert drawn() == figures.as_file(figure(), "png")


def test_it_draws_from_any_folder_and_as_svg(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)

    assert rendering.grid(IMAGES, NAMES, "svg").startswith(b"<?xml")
