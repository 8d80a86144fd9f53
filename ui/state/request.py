"""The cause of the current script run, from Streamlit's script context; its public API does not have it."""

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState


def is_history_navigation() -> bool:
    """Return whether the browser's back or forward button caused the run."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def from_other_fragment() -> bool:
    """Return whether a fragment without the current callback's widget caused the run: that widget did not change."""
    context = get_script_run_ctx(suppress_warning=True)
    fragments = (context.fragment_ids_this_run if context else None) or []
    return bool(fragments) and ThreadState.get().fragment_id not in fragments
