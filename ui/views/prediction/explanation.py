"""The explanation of a prediction: saliency, feature maps, nearest neighbors."""

import streamlit as st

from fmnist.data.dataset import Split
from fmnist.runs.record import Run
from ui.i18n.names import class_name, class_names
from ui.i18n.text import _
from ui.server import resources
from ui.state.session import session
from ui.views.prediction.feature_maps import draw_feature_maps
from ui.views.prediction.neighbors import draw_neighbors
from ui.views.prediction.saliency import draw_saliency
from ui.widgets.prediction import InputImage


def draw_explanation(train: Split, image: InputImage, run: Run, epoch: int, predicted: int) -> None:
    """Draw the explanation of one prediction, for the class `predicted` or another one."""
    state = session()
    st.header(_("Saliency maps"))
    st.selectbox(
        _("Class to explain"),
        index=None,
        placeholder=_("{name} (predicted)", name=class_name(predicted)),
        width=360,
        **state.bind_options("explained_class", dict(enumerate(class_names()))),
    )
    draw_saliency(image, run, epoch, predicted if state.explained_class is None else state.explained_class)
    st.header(_("Activations: the output of each layer"))
    draw_feature_maps(resources.classifier(run.id, epoch).activations(image.pixels))
    st.header(_("Nearest neighbors: the nine most similar training images"))
    draw_neighbors(train, image, run, epoch)
