"""What a network says of a person's own picture, and whether it knows pictures of that kind."""

import numpy as np
import streamlit as st

from fmnist.analysis.evaluation import softmax
from fmnist.analysis.familiarity import UNFAMILIAR, share_weaker
from ui.answer import Subject, draw_confidence, draw_picture
from ui.text import _, percent
from ui.widgets import class_name


def draw_own_answer(subject: Subject, logits: np.ndarray, known: np.ndarray) -> None:
    """The answer to a picture without a label, logits (10,); `known` are those to the test images, (10,000, 10)."""
    seen, verdict = st.columns(2, gap="medium")
    with seen:
        draw_picture(subject)
    with verdict:
        _draw_verdict(softmax(logits), share_weaker(logits, known))
    draw_confidence(logits, label=None)


def _draw_verdict(confidence: np.ndarray, share: float) -> None:
    predicted = int(confidence.argmax())
    st.metric(_("The network says"), class_name(predicted))
    values = {"confidence": percent(confidence[predicted], 2), "share": percent(share)}
    if share < UNFAMILIAR:
        unlike = _(
            "Unlike what it learned from: only {share} of the test images get so weak an answer. It must choose one of "
            "ten classes, and is {confidence} confident; do not believe it.", **values
        )  # fmt: skip
        st.warning(unlike, icon=":material/help:")
    else:
        like = _(
            "{confidence} confident; you know whether it is right. The answer is about as strong as those to the test "
            "images, of which {share} get a weaker one. Some foreign pictures get as strong an answer.", **values
        )  # fmt: skip
        st.info(like, icon=":material/checkroom:")
