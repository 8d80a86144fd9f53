"""Where the network looked: an image, and the places in it that count for a class."""

from html import escape

import numpy as np
import streamlit as st

from fmnist.analysis.metrics import softmax
from fmnist.analysis.saliency import GRAD_CAM_CENTERS, OCCLUSION_CENTERS, grad_cam, occlusion, upsample
from fmnist.runs.record import Run
from ui.i18n.names import class_name
from ui.i18n.text import _, percent
from ui.images import data_url, heat, png
from ui.server import resources
from ui.widgets.image import draw_image
from ui.widgets.prediction import InputImage, draw_input_image

PIXELS_A_PIXEL = 10
WIDTH = 28 * PIXELS_A_PIXEL
SCALE_HEIGHT = 12
SENTENCE_HEIGHT = 112
# A smaller change of the probability counts as none.
LEAST = 0.005
# Where no change is as large as this, none is drawn in the brightest color.
FULL_HEAT = 0.1


def draw_saliency(image: InputImage, run: Run, epoch: int, label: int) -> None:
    """The image, its Grad-CAM and its occlusion map for a class, side by side, each with what it says."""
    st.caption(
        _(
            "Two ways to ask which places of the image speak for {name}. Grad-CAM reads the last convolution. "
            "Occlusion covers a square with black, at 14 × 14 places in turn, and asks the network each time.",
            name=class_name(label),
        )
    )
    network = resources.classifier(run.id, epoch)
    activations = network.activations(image.pixels)
    probability = softmax(activations["logits"])[label]
    evidence = grad_cam(activations, resources.weights(run.id, epoch), label)
    falls = occlusion(network.logits, image.pixels, label)
    plain, seen, covered = st.columns(3, gap="large")
    with plain:
        st.markdown("**" + _("The image") + "**")
        draw_input_image(image)
    with seen:
        st.markdown("**Grad-CAM**")
        ends = _("no evidence"), _("the most evidence")
        scale = np.linspace(0, 1, WIDTH) if evidence.any() else None
        over = upsample(evidence / (evidence.max() or 1), GRAD_CAM_CENTERS)
        _draw(image, over, scale, ends, evidence_sentence(evidence, label))
    with covered:
        st.markdown("**" + _("Occlusion") + "**")
        lowest, highest = min(falls.min(), 0), max(falls.max(), 0)
        ends = _("rises by {points}", points=percent(abs(lowest))), _("falls by {points}", points=percent(highest))
        full = max(highest, -lowest, FULL_HEAT)
        scale = np.linspace(lowest, highest, WIDTH) / full if max(highest, -lowest) >= LEAST else None
        over = upsample(falls / full, OCCLUSION_CENTERS)
        _draw(image, over, scale, ends, falls_sentence(falls, probability, label))
    st.caption(
        _(
            "Read both as hints, not as reasons. Grad-CAM has only 3 × 3 places here, and each of them sees 18 × 18 "
            "pixels; a covered image is one that the network never met in its training."
        )
    )


def _draw(image: InputImage, over: np.ndarray, scale: np.ndarray | None, ends: tuple[str, str], sentence: str) -> None:
    """The heat over the image, its scale (WIDTH,), if it has any heat, with words at both ends, and what it says."""
    draw_image(heat(image.pixels, over), PIXELS_A_PIXEL, alt=sentence)
    if scale is not None:
        _draw_scale(scale, ends)
    # Four lines, whatever the sentence, so that what is below stays where it is.
    with st.container(height=SENTENCE_HEIGHT, border=False):
        st.markdown(sentence)


def _draw_scale(scale: np.ndarray, ends: tuple[str, str]) -> None:
    strip = np.tile(scale, (SCALE_HEIGHT, 1))
    source = data_url(png(heat(np.zeros(strip.shape, np.uint8), strip)))
    says = escape(_("Scale: {first} to {last}", first=ends[0], last=ends[1]))
    # Not by st.image: nobody wants a button that fills the screen with a scale.
    st.html(f'<img src="{source}" alt="{says}">', width=WIDTH)
    with st.container(horizontal=True, horizontal_alignment="distribute", width=WIDTH):
        for end in ends:
            st.caption(end, width="content")


def evidence_sentence(evidence: np.ndarray, label: int) -> str:
    """What a Grad-CAM (3, 3) says of a class."""
    name = class_name(label)
    if not evidence.any():
        return _("Grad-CAM finds no evidence for {name} in the last convolution. The answer can still be right: see "
                 "the occlusion.", name=name)  # fmt: skip
    if np.ptp(evidence) == 0:
        return _("Every place speaks equally for {name}.", name=name)
    return _("What speaks most for {name} lies {where}.", name=name, where=_where(evidence))


def falls_sentence(falls: np.ndarray, probability: float, label: int) -> str:
    """What an occlusion map (m, m) says of a class; `probability` is that of the whole image."""
    values = {"name": class_name(label), "before": percent(probability)}
    if falls.max() >= LEAST:
        values |= {"where": _where(falls), "after": percent(probability - falls.max())}
        return _("It matters most {where}: with that square covered, the probability of {name} falls from {before} to "
                 "{after}.", **values)  # fmt: skip
    if falls.min() <= -LEAST:
        values |= {"where": _where(-falls), "after": percent(probability - falls.min())}
        return _("No square speaks for {name}: with the one {where} covered, its probability rises from {before} to "
                 "{after}.", **values)  # fmt: skip
    return _("No single square matters: whichever is covered, the probability of {name} stays at about {before}.",
             **values)  # fmt: skip


def _where(values: np.ndarray) -> str:
    """The ninth of the image in which a map (m, m) is highest, in words."""
    row, column = (int((place + 0.5) * 3 / len(values)) for place in np.unravel_index(values.argmax(), values.shape))
    names = (
        (_("at the top left"), _("at the top"), _("at the top right")),
        (_("at the left"), _("in the middle"), _("at the right")),
        (_("at the bottom left"), _("at the bottom"), _("at the bottom right")),
    )
    return names[row][column]
