import io
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import same_color
from PIL import Image

from fmnist.figures import accuracy_over_epochs, as_file, grid

NAMES = [f"class {number}" for number in range(25)]
ACCURACY, VAL_ACCURACY = [0.81, 0.88, 0.90], [0.86, 0.88, 0.89]


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


def test_the_chart_is_the_notebooks():
    (axes,) = accuracy_over_epochs(ACCURACY, VAL_ACCURACY).axes
    training, validation = axes.lines

    assert same_color(training.get_color(), "cyan")
    assert same_color(validation.get_color(), "navy")
    assert training.get_xdata().tolist() == validation.get_xdata().tolist() == [1, 2, 3]
    assert training.get_ydata().tolist() == ACCURACY
    assert validation.get_ydata().tolist() == VAL_ACCURACY
    assert axes.get_title() == "Accuracy vs Epochs"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Epoch", "Accuracy")
    assert axes.get_ylim() == (0, 1)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["accuracy", "val_accuracy"]
    assert all(line.get_visible() for line in axes.get_xgridlines() + axes.get_ygridlines())
    assert all(tick == round(tick) for tick in axes.get_xticks()), "there is no epoch 1.5"


def test_one_epoch_is_a_point_that_can_be_seen():
    (axes,) = accuracy_over_epochs([0.8], [0.7]).axes

    assert [line.get_marker() for line in axes.lines] == [".", "."]


@pytest.mark.parametrize("draw", ["grid", "chart"])
def test_both_formats_are_what_they_say(images, draw):
    def figure():
        return grid(images, NAMES) if draw == "grid" else accuracy_over_epochs(ACCURACY, VAL_ACCURACY)

    picture = Image.open(io.BytesIO(as_file(figure(), "png")))
    picture.load()
    assert picture.format == "PNG"
    assert min(picture.size) > 300
    assert len(picture.convert("L").getcolors()) > 2
    assert ElementTree.fromstring(as_file(figure(), "svg")).tag == "{http://www.w3.org/2000/svg}svg"
