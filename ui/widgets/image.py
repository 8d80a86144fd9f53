"""An image, exact to the pixel."""

import numpy as np
import streamlit as st

from ui.images import png


def draw_image(image: np.ndarray, scale: int = 1, *, alt: str, caption: str | None = None) -> None:
    """Draw an image uint8, grey (h, w) or colored (h, w, 3), each pixel `scale` wide and high, without loss."""
    # By default Streamlit compresses an image without transparency as JPEG.
    st.image(png(image, scale), caption=caption, width=image.shape[1] * scale, alt=alt, output_format="PNG")
