"""An image of each class."""

import streamlit as st

from fmnist.data.dataset import CLASS_NAMES, Split
from ui.components.grid.grid import image_grid
from ui.i18n.names import class_names
from ui.i18n.text import _, number
from ui.widgets.gallery import open_in_predict


def draw_examples(train: Split) -> None:
    """Draw the first training image of each class; one that is opened leads to Predict."""
    st.markdown(
        _(
            "**The network was trained on ten classes of clothes, in images like these.** Its prediction is "
            "always one of the ten."
        )
    )
    firsts = [int(train.indices(label)[0]) for label in range(len(CLASS_NAMES))]
    descriptions = [
        _("{name}, training image {index}", name=name, index=number(index))
        for name, index in zip(class_names(), firsts, strict=True)
    ]
    hint = _("Choose an image to open it in Predict.")
    opened = image_grid(train.images[firsts], class_names(), descriptions, hint, key="kinds")
    if opened is not None:
        open_in_predict(firsts[opened], "train")
