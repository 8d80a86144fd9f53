import io
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import same_color
from PIL import Image

from fmnist.plots.figures import accuracy_curves, as_file, grid
from fmnist.plots.rendering import Curves

NAMES = [f"class {number}" for number in range(25)]
CURVES = Curves(
    ["Run 1"] * 4, ["training", "validation"] * 2, [1, 1, 2, 2], [0.8, 0.85, 0.95, 0.9],
    ("validation", "training"), ("Epoch", "Accuracy"), (1, 5), (0.79, 0.96),
    ["#0072b2", "#d55e00", "#009e73"],
)  # fmt: skip


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).integers(0, 256, (25, 28, 28), dtype=np.uint8)


def test_the_grid_is_the_notebooks(images):
    figure = grid(images, NAMES)

    assert figure.get_size_inches().tolist() == [10, 10]
    assert [axes.get_xlabel() for axes in figure.axes] == NAMES
    for axes, image in zip(figure.axes, images, strict=True):
        assert len(axes.get_xticks()) == len(axes.get_yticks()) == 0
        (drawn,) = axes.images
        assert np.array_equal(drawn.get_array(), image)
        assert drawn.get_cmap().name == "gray"
        assert drawn.get_clim() == (0, 255), "one dark image is as dark as another"
    places = [axes.get_subplotspec() for axes in figure.axes]
    assert [(place.rowspan.start, place.colspan.start) for place in places] == [
        (row, column) for row in range(5) for column in range(5)
    ]


def test_a_page_that_is_not_full_has_fewer_pictures(images):
    assert len(grid(images[:7], NAMES[:7]).axes) == 7


def figure_of(curves: Curves):
    return accuracy_curves(**{name: np.array(value) for name, value in curves._asdict().items()})


def test_the_curves_of_one_run_are_told_apart_by_color_line_and_marker():
    (axes,) = figure_of(CURVES).axes
    validation, training = axes.lines

    assert (validation.get_label(), training.get_label()) == ("validation", "training")
    assert same_color(validation.get_color(), "#0072b2") and same_color(training.get_color(), "#d55e00")
    assert (validation.get_linestyle(), training.get_linestyle()) == ("-", "--")
    assert (validation.get_marker(), training.get_marker()) == ("o", "s"), "one epoch, too, is seen"
    assert validation.get_xdata().tolist() == training.get_xdata().tolist() == [1, 2]
    assert (validation.get_ydata().tolist(), training.get_ydata().tolist()) == ([0.85, 0.9], [0.8, 0.95])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Epoch", "Accuracy")
    assert (axes.get_xlim(), axes.get_ylim()) == ((1, 5), (0.79, 0.96))
    assert all(tick == round(tick) for tick in axes.get_xticks()), "there is no epoch 1.5"


def test_several_runs_are_told_apart_by_color():
    several = CURVES._replace(run=["Run 1", "Run 1", "Run 2", "Run 2"])
    (axes,) = figure_of(several).axes

    assert [line.get_label() for line in axes.lines] == [
        "Run 1, validation", "Run 1, training",
        "Run 2, validation", "Run 2, training",
    ]  # fmt: skip
    colors = [line.get_color() for line in axes.lines]
    assert colors == ["#0072b2", "#0072b2", "#d55e00", "#d55e00"]


def test_numbers_are_written_as_on_the_page():
    (axes,) = figure_of(CURVES).axes
    assert axes.xaxis.get_major_formatter()(1200) == "1,200"
    assert axes.yaxis.get_major_formatter()(0.85) == "85%"


def test_ticks_closer_than_a_per_cent_are_told_apart():
    (axes,) = figure_of(CURVES._replace(y_range=(0.09, 0.11))).axes
    written = [axes.yaxis.get_major_formatter()(tick) for tick in axes.get_yticks()]

    assert len(set(written)) == len(written) > 5
    assert "9.5%" in written


@pytest.mark.parametrize("draw", ["grid", "chart"])
def test_both_formats_are_what_they_say(images, draw):
    def figure():
        return grid(images, NAMES) if draw == "grid" else figure_of(CURVES)

    picture = Image.open(io.BytesIO(as_file(figure(), "png")))
    picture.load()
    assert picture.format == "PNG"
    assert min(picture.size) > 300
    assert len(picture.convert("L").getcolors()) > 2
    assert ElementTree.fromstring(as_file(figure(), "svg")).tag == "{http://www.w3.org/2000/svg}svg"
