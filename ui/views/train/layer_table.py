"""The table of the network's layers."""

import streamlit as st

from fmnist.architecture import LAYERS, PARAMETERS
from ui.i18n.names import layer_name, output_shape
from ui.i18n.text import _, number


def layer_table() -> None:
    """Draw the layers with their output shapes and parameters."""
    with st.expander(_("{count} parameters", count=number(PARAMETERS)), icon=":material/layers:"):
        st.table(
            {
                _("Layer"): [layer_name(layer) for layer in LAYERS],
                _("Output"): [output_shape(layer) for layer in LAYERS],
                _("Parameters"): [number(layer.parameters) for layer in LAYERS],
            },
            hide_index=True,
        )
        st.caption(
            _(
                "The convolutions extract edges and shapes ({base} parameters), the dense layers classify them. "
                "The last layer outputs ten logits, one per class.",
                base=number(sum(layer.parameters for layer in LAYERS if layer.kind == "convolution")),
            )
        )
