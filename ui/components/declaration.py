"""A component of Streamlit, declared by the files in its folder."""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


def declare(module: str, *scripts: str, **options: Any) -> ComponentRenderer:
    """Declare the component of a module by its path; its HTML, CSS and JavaScript lie beside it under its name.

    `scripts` are several files of JavaScript, which become one module: what Streamlit keeps inside its messages cannot
    import another file.
    """
    path = Path(module)
    beside = {kind: path.with_suffix(f".{kind}") for kind in ("html", "css")}
    content = {kind: file.read_text() for kind, file in beside.items() if file.exists()}
    js = "\n".join(path.with_name(f"{script}.js").read_text() for script in scripts or (path.stem,))
    return st.components.v2.component(f"fmnist_{path.parent.name}", js=js, **content | options)
