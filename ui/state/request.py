"""What asked for the drawing at hand. Streamlit knows it, but tells it by its script context only."""

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState


def went_back() -> bool:
    """Whether it was the browser's buttons back and forward."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def from_elsewhere() -> bool:
    """Whether it was a fragment that does not hold the widget whose callback this is: nobody changed that widget."""
    context = get_script_run_ctx(suppress_warning=True)
    asking = (context.fragment_ids_this_run if context else None) or []
    return bool(asking) and ThreadState.get().fragment_id not in asking
