"""A component of Streamlit, declared by the files in its folder."""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


def declare(module: str, *scripts: str, **options: Any) -> ComponentRenderer:
    """Declare the component of a module by its path, with the HTML, CSS and JavaScript of the same name in its folder.

    `scripts`: several files of JavaScript, joined to one module, as a script inside a message of Streamlit's cannot
    import another file.
    """
    path = Path(module)
    files = {kind: path.with_suffix(f".{kind}") for kind in ("html", "css")}
    content = {kind: file.read_text() for kind, file in files.items() if file.exists()}
    if options.get("isolate_styles", True):
        content["css"] = Path(__file__).with_name("base.css").read_text() + content.get("css", "")
    if "js" not in options:
        content["js"] = "\n".join(path.with_name(f"{script}.js").read_text() for script in scripts or (path.stem,))
    return st.components.v2.component(f"fmnist_{path.parent.name}", **content | options)
