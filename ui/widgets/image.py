"""An image on the page, exact to the pixel."""

import numpy as np
import streamlit as st

from ui.images import png


def draw_image(image: np.ndarray, scale: int = 1, *, alt: str, caption: str | None = None) -> None:
    """An image uint8, grey (h, w) or colored (h, w, 3), each pixel `scale` wide and high, as exact as it is."""
    # Streamlit would make a JPEG of what has no transparent pixels.
    st.image(png(image, scale), caption=caption, width=image.shape[1] * scale, alt=alt, output_format="PNG")
