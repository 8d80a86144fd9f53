"""The deletion of a run: asked for, confirmed, and undone."""

import streamlit as st

from fmnist.runs.record import Run
from ui.i18n.text import _
from ui.server.deletions import deletions
from ui.state.session import session


def draw_deletion(run: Run) -> None:
    """Draw the button that deletes a run; it asks first."""
    # The run's id in the keys: a late click on one run's button does not press another's.
    with st.popover(_("Delete"), icon=":material/delete:", key=f"ask_delete_{run.id}"):
        st.write(_("Its network, its numbers and its curve are deleted."))
        label = _("Delete run {number}", number=run.number)
        if st.button(label, icon=":material/delete:", key=f"delete_{run.id}", width="stretch"):
            deletions().schedule(run.id)
            session().deleted = run.id, run.number
            session().choose(run=None)
            st.rerun()


def draw_undo() -> None:
    """Draw what this tab deleted last, with a button to undo it in time."""
    state = session()
    if state.deleted and state.deleted[0] in deletions().pending:
        st.fragment(_draw_undo, run_every="1s")()


def _draw_undo() -> None:
    state = session()
    if state.deleted is None or state.deleted[0] not in deletions().pending:
        st.rerun()
    run_id, number = state.deleted
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Run {number} is deleted. For ten seconds this can be undone.", number=number), width="content")
        if st.button(_("Undo"), icon=":material/undo:", key=f"undo_{run_id}"):
            deletions().undo(run_id)
            state.deleted = None
            state.choose(run=run_id)
            st.rerun()
