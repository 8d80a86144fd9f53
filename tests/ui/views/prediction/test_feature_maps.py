"""The layout of a layer's feature maps, and their sentence."""

import numpy as np
import pytest

from fmnist.architecture import LAYERS
from ui.views.prediction.feature_maps import GREY, map_sheet, maps_sentence, values_sentence

LAYER = {layer.name: layer for layer in LAYERS}
SPATIAL = [layer for layer in LAYERS if len(layer.output_shape) == 3]


@pytest.mark.parametrize("layer", SPATIAL, ids=lambda layer: layer.name)
def test_every_map_of_a_layer_has_its_place(layer):
    height, width, count = layer.output_shape
    maps = np.zeros((count, height, width))
    maps[9] = 1.0
    sheet = map_sheet(maps)
    tile = sheet.shape[1] // 8

    assert sheet.shape == (count // 8 * tile, 8 * tile)
    assert 600 < sheet.shape[1] < 700, "all layers are drawn about as wide"
    second_row_second = sheet[tile : 2 * tile, tile : 2 * tile]
    assert (second_row_second == 255).sum() == (sheet == 255).sum() > 0
    assert set(np.unique(sheet)) == {0, GREY, 255}


def test_all_maps_share_one_scale_in_which_weak_ones_are_seen():
    maps = np.zeros((8, 3, 3))
    maps[0], maps[1] = 4.0, 1.0
    sheet = map_sheet(maps)
    middle, tile = sheet.shape[0] // 2, sheet.shape[1] // 8

    assert sheet[middle, tile // 2] == 255
    assert sheet[middle, tile + tile // 2] == 128, "a quarter of the highest is half as light"


def test_a_layer_that_is_silent_everywhere_is_black():
    assert set(np.unique(map_sheet(np.zeros((8, 5, 5))))) == {0, GREY}


def test_silent_maps_are_counted(speak):
    speak("en")
    maps = np.zeros((32, 26, 26), np.float32)
    maps[:27, 3, 4] = 1.25
    assert maps_sentence(maps) == (
        "32 maps of 26 × 26, one per filter: black is 0, white the layer's highest value, 1.25; the gray between them "
        "follows the square root. 5 of them are inactive (0)."
    )
    maps[:] = 1
    assert maps_sentence(maps).endswith("None is inactive (0).")


def test_the_highest_value_is_named(speak):
    speak("en")
    values = np.arange(54, dtype=np.float32)
    assert values_sentence(LAYER["dense_1"], values) == (
        "54 values; the highest, 53.00, is number 54. 1 of them is inactive (0)."
    )
    logits = np.array([-3, -2, 0, 0, 9.5, 0, 0, 0, 0, 0], np.float32)
    assert values_sentence(LAYER["logits"], logits) == "Ten logits, one per class; the highest, 9.50, is that of Coat."
