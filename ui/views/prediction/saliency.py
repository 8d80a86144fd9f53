"""The saliency of an image for a class: Grad-CAM and occlusion."""

from html import escape

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import softmax
from fmnist.analysis.saliency import GRAD_CAM_CENTERS, OCCLUSION_CENTERS, grad_cam, occlusion, upsample
from fmnist.runs.record import Run
from ui.i18n.names import class_name
from ui.i18n.text import _, percent
from ui.images import data_url, heat_map, png
from ui.server import resources
from ui.widgets.image import draw_image
from ui.widgets.prediction import InputImage, draw_input_image

SCALE = 10
WIDTH = 28 * SCALE
SCALE_HEIGHT = 12
SENTENCE_HEIGHT = 112
# A smaller change of the probability counts as none.
MIN_CHANGE = 0.005
# The smallest change that has the brightest color.
FULL_CHANGE = 0.1


def draw_saliency(image: InputImage, run: Run, epoch: int, label: int) -> None:
    """Draw the image, its Grad-CAM and its occlusion map for a class, each with its result in a sentence."""
    st.caption(
        _(
            "Two estimates of the parts of the image that count for {name}. Grad-CAM weights the maps of the last "
            "convolution. Occlusion covers a square with black, at 14 × 14 places in turn, and measures how the "
            "probability changes.",
            name=class_name(label),
        )
    )
    network = resources.classifier(run.id, epoch)
    activations = network.activations(image.pixels)
    probability = softmax(activations["logits"])[label]
    evidence = grad_cam(activations, resources.weights(run.id, epoch), label)
    drops = occlusion(network.logits, image.pixels, label)
    plain, seen, covered = st.columns(3, gap="large")
    with plain:
        st.markdown("**" + _("The image") + "**")
        draw_input_image(image)
    with seen:
        st.markdown("**Grad-CAM**")
        ends = _("no evidence"), _("the most evidence")
        scale = np.linspace(0, 1, WIDTH) if evidence.any() else None
        heat = upsample(evidence / (evidence.max() or 1), GRAD_CAM_CENTERS)
        _draw(image, heat, scale, ends, grad_cam_sentence(evidence, label))
    with covered:
        st.markdown("**" + _("Occlusion") + "**")
        lowest, highest = min(drops.min(), 0), max(drops.max(), 0)
        ends = _("rises by {points}", points=percent(abs(lowest))), _("falls by {points}", points=percent(highest))
        full = max(highest, -lowest, FULL_CHANGE)
        scale = np.linspace(lowest, highest, WIDTH) / full if max(highest, -lowest) >= MIN_CHANGE else None
        heat = upsample(drops / full, OCCLUSION_CENTERS)
        _draw(image, heat, scale, ends, occlusion_sentence(drops, probability, label))
    st.caption(
        _(
            "Read both as hints, not as reasons. Grad-CAM has only 3 × 3 places here, each with a receptive field "
            "of 18 × 18 pixels; and an image with a covered square is unlike most training images."
        )
    )


def _draw(image: InputImage, heat: np.ndarray, scale: np.ndarray | None, ends: tuple[str, str], sentence: str) -> None:
    """Draw a heat map over the image, its color scale (WIDTH,), if any, labels at both ends, and a sentence."""
    draw_image(heat_map(image.pixels, heat), SCALE, alt=sentence)
    if scale is not None:
        _draw_scale(scale, ends)
    # Room for four lines: nothing below moves.
    with st.container(height=SENTENCE_HEIGHT, border=False):
        st.markdown(sentence)


def _draw_scale(scale: np.ndarray, ends: tuple[str, str]) -> None:
    strip = np.tile(scale, (SCALE_HEIGHT, 1))
    source = data_url(png(heat_map(np.zeros(strip.shape, np.uint8), strip)))
    alt = escape(_("Scale: {first} to {last}", first=ends[0], last=ends[1]))
    # Not st.image, which adds a button to enlarge the scale.
    st.html(f'<img src="{source}" alt="{alt}">', width=WIDTH)
    with st.container(horizontal=True, horizontal_alignment="distribute", width=WIDTH):
        for end in ends:
            st.caption(end, width="content")


def grad_cam_sentence(evidence: np.ndarray, label: int) -> str:
    """Return the result of a Grad-CAM (3, 3) for a class."""
    name = class_name(label)
    if not evidence.any():
        return _("Grad-CAM finds no evidence for {name} in the last convolution. The prediction can still be "
                 "right: see the occlusion.", name=name)  # fmt: skip
    if np.ptp(evidence) == 0:
        return _("The evidence for {name} is the same everywhere.", name=name)
    return _("The strongest evidence for {name} is {where}.", name=name, where=_position(evidence))


def occlusion_sentence(drops: np.ndarray, probability: float, label: int) -> str:
    """Return the result of an occlusion map (m, m) for a class; `probability` is that of the uncovered image."""
    values = {"name": class_name(label), "before": percent(probability)}
    if drops.max() >= MIN_CHANGE:
        values |= {"where": _position(drops), "after": percent(probability - drops.max())}
        return _("The effect is largest {where}: with that square covered, the probability of {name} falls from "
                 "{before} to {after}.", **values)  # fmt: skip
    if drops.min() <= -MIN_CHANGE:
        values |= {"where": _position(-drops), "after": percent(probability - drops.min())}
        return _("No square is evidence for {name}: with the one {where} covered, its probability rises from "
                 "{before} to {after}.", **values)  # fmt: skip
    return _("No single square has an effect: whichever is covered, the probability of {name} stays at about "
             "{before}.",
             **values)  # fmt: skip


def _position(values: np.ndarray) -> str:
    """Return the ninth of the image with the maximum of a map (m, m)."""
    row, column = (int((place + 0.5) * 3 / len(values)) for place in np.unravel_index(values.argmax(), values.shape))
    names = (
        (_("at the top left"), _("at the top"), _("at the top right")),
        (_("at the left"), _("in the middle"), _("at the right")),
        (_("at the bottom left"), _("at the bottom"), _("at the bottom right")),
    )
    return names[row][column]
