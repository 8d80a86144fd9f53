"""The runs that a tab has submitted: its browser keeps them, and a new session after a reload has them again."""

from typing import Any

import streamlit as st

from fmnist.runs.record import RUN_ID
from ui.components.declaration import declare
from ui.state.session import session

MOST = 20

_component = declare(__file__)


def keep_own_runs() -> None:
    """Send them to the browser, and take over what it has kept; nothing is visible on the page."""
    state = session()
    with st.container(key="own_runs_of_tab"):
        _component(
            key="own_runs",
            data={"submitted": state.submitted[-MOST:], "trained": state.trained},
            on_kept_change=lambda: _restore(st.session_state["own_runs"].get("kept")),
        )


def _restore(kept: Any) -> None:
    """Take over the ids, of which the pages use those that exist. A client may send anything."""
    values = kept if isinstance(kept, dict) else {}
    sent = values.get("submitted")
    ids = [run_id for run_id in sent[:MOST] if isinstance(run_id, str)] if isinstance(sent, list) else []
    known = tuple(filter(RUN_ID.fullmatch, ids))
    state = session()
    state.submitted = known + state.submitted
    if values.get("trained") in known:
        state.trained = values["trained"]
