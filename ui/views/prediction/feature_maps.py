"""The output of a layer for one image: its feature maps as one picture, or its values as bars."""

import numpy as np
import streamlit as st

from fmnist.architecture import LAYERS, Layer
from fmnist.data.dataset import CLASS_NAMES
from ui.charts.values import value_bars
from ui.i18n.names import class_names, layer_name, output_shape
from ui.i18n.text import _, fixed, ngettext, number
from ui.images import sprite
from ui.state.session import session
from ui.widgets.image import draw_image

COLUMNS = 8
# About the width of a map in pixels: smaller maps are enlarged more. A grey line separates two maps.
MAP_WIDTH = 78
LINE, GREY = 2, 110


def draw_feature_maps(activations: dict[str, np.ndarray]) -> None:
    """Choose a layer and draw its output, from the activations of one image by the layer's name."""
    state = session()
    layers = {layer.name: layer for layer in LAYERS}
    labels = {name: f"{layer_name(layer)} · {output_shape(layer)}" for name, layer in layers.items()}
    st.selectbox(_("Layer"), width=360, **state.bind_options("layer", labels))
    layer, values = layers[state.layer], activations[state.layer]
    if values.ndim == 3:
        maps = np.moveaxis(values, -1, 0)
        sentence = maps_sentence(maps)
        draw_image(map_sheet(maps), alt=sentence)
    else:
        sentence = values_sentence(layer, values)
        value_bars(values, _value_names(layer), sentence, key="values")
    st.caption(sentence)


def map_sheet(maps: np.ndarray) -> np.ndarray:
    """Return maps (n, h, w) float as one grey picture uint8, row by row: black is 0, white the maximum."""
    # On a linear scale, one strong filter would leave the others black.
    shades = (255 * np.sqrt(np.clip(maps / (maps.max() or 1), 0, 1))).round().astype(np.uint8)
    scale = MAP_WIDTH // maps.shape[2]
    large = shades.repeat(scale, axis=1).repeat(scale, axis=2)
    return sprite(np.pad(large, ((0, 0), (LINE, LINE), (LINE, LINE)), constant_values=GREY), COLUMNS)


def maps_sentence(maps: np.ndarray) -> str:
    """Return the number of the maps (n, h, w), their maximum, and the number of those that are 0 everywhere."""
    zeros = int((maps == 0).all(axis=(1, 2)).sum())
    if zeros == len(maps):
        return _("All {count} maps of this layer are 0 everywhere.", count=zeros)
    first = _(
        "{count} maps of {height} × {width}, one per filter: black is 0, white the layer's highest value, "
        "{highest}; the gray between them follows the square root.",
        count=len(maps),
        height=maps.shape[1],
        width=maps.shape[2],
        highest=fixed(maps.max(), 2),
    )
    return f"{first} {_zeros_sentence(zeros)}"


def values_sentence(layer: Layer, values: np.ndarray) -> str:
    """Return the number of a layer's values (n,), their maximum, and the number of zeros."""
    if np.ptp(values) == 0:
        return _("All {count} values of this layer are {value}.", count=len(values), value=fixed(values.max(), 2))
    highest = _value_names(layer)[values.argmax()]
    if not layer.relu and layer.kind == "dense":
        return _("Ten logits, one per class; the highest, {value}, is that of {name}.", value=fixed(values.max(), 2),
                 name=highest)  # fmt: skip
    first = _("{count} values; the highest, {value}, is number {name}.", count=len(values),
              value=fixed(values.max(), 2), name=highest)  # fmt: skip
    return f"{first} {_zeros_sentence(int((values == 0).sum()))}"


def _zeros_sentence(zeros: int) -> str:
    if not zeros:
        return _("None is inactive (0).")
    return ngettext("{count} of them is inactive (0).", "{count} of them are inactive (0).", zeros)


def _value_names(layer: Layer) -> list[str]:
    size = layer.output_shape[0]
    if size == len(CLASS_NAMES):
        return class_names()
    return [number(position + 1) for position in range(size)]
