"""What asked for the drawing at hand. Streamlit knows it, but tells it by its script context only."""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def went_back() -> bool:
    """Whether it was the browser's buttons back and forward."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def by_timer() -> bool:
    """Whether it was a part of the page that draws itself again; no such part has anything to choose with."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and bool(context.fragment_ids_this_run)
