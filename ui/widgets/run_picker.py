"""The choice of a run and of one of its epochs; the URL's choice is checked first."""

from collections.abc import Iterable

import streamlit as st

from fmnist.runs.record import Run
from ui.i18n.names import run_name
from ui.i18n.text import _, literal
from ui.state.session import session
from ui.widgets.degenerate import draw_degenerate_warnings
from ui.widgets.guards import require_runs
from ui.widgets.live import rerun_when_changed


def require_trained_runs(*, two: bool = False, reruns: bool = True) -> list[Run]:
    """Return the runs with a finished epoch; check the URL's network, or both with `two`.

    The page `reruns` when a chosen run has finished another epoch, and in any case when the awaited one has finished
    its first. An epoch of any other run does not interrupt a visitor: the list of runs shows it at the next drawing.
    """
    # Streamlit identifies a fragment by its position: the container keeps the position of the later ones.
    with st.container():
        runs = require_runs()
        poll = st.container()
        trained = [run for run in runs if run.epochs]
        check_address(trained, without_epochs=runs)
        if two:
            _check_other(trained, without_epochs=runs)
        if reruns or session().awaited:
            with poll:
                rerun_when_changed(runs, lambda: (session().run, session().other, session().awaited))
    return trained


def trained_runs() -> list[Run]:
    """Return the runs with a finished epoch."""
    return [run for run in require_runs() if run.epochs]


def check_address(runs: list[Run], without_epochs: Iterable[Run] = ()) -> None:
    """Draw a warning for a run or an epoch of the URL that does not exist here, and choose another."""
    state = session()
    wanted = state.awaited or state.run
    if not _exists(wanted, runs, without_epochs):
        if state.run == wanted:
            state.choose(run=None)
        state.awaited = next((run.id for run in without_epochs if run.id == wanted and run.active), None)
    elif wanted != state.run:
        state.choose(run=wanted)
    run = _chosen(runs)
    if not _is_kept(state.epoch, run, instead=run.kept[-1] if run.kept else 0):
        state.choose(epoch=None)


def _check_other(runs: list[Run], without_epochs: Iterable[Run]) -> None:
    """Check the run and the epoch of the second network."""
    state = session()
    if not _exists(state.other, runs, without_epochs):
        state.choose(other=None)
    first = _chosen(runs)
    second = _chosen_other(runs, first)
    if not _is_kept(state.other_epoch, second, instead=_default_epoch(second, first)):
        state.choose(other_epoch=None)


def _exists(run_id: str | None, runs: list[Run], without_epochs: Iterable[Run]) -> bool:
    if run_id is None or any(run.id == run_id for run in runs):
        return True
    early = next((run for run in without_epochs if run.id == run_id), None)
    if early:
        if early.active:
            st.info(_("Run {number} has no finished epoch yet; another run is shown.", number=early.number))
        else:
            st.info(_("Run {number} has no finished epoch; another run is shown.", number=early.number))
    else:
        gone = _(
            "There is no run {run_id}; it may have been deleted. Another one is shown.", run_id=literal(run_id[:40])
        )
        st.warning(gone, icon=":material/link_off:")
    return False


def _is_kept(epoch: int | None, run: Run, instead: int) -> bool:
    if epoch is None or epoch in run.kept:
        return True
    unknown = _("Run {number} has no network of epoch {epoch}; that of epoch {newest} is used.", number=run.number,
                epoch=epoch, newest=instead)  # fmt: skip
    st.warning(unknown, icon=":material/link_off:")
    return False


def _chosen(runs: list[Run]) -> Run:
    chosen = session().run
    return next((run for run in runs if run.id == chosen), None) or _preferred(runs)


def _chosen_other(runs: list[Run], first: Run) -> Run:
    """Return the run of the session, else another one than the first, else the first."""
    chosen = session().other
    others = [run for run in runs if run.id != first.id]
    return next((run for run in runs if run.id == chosen), None) or (_preferred(others) if others else first)


def _preferred(runs: list[Run]) -> Run:
    """Return the newest run of this tab, else the included one, else any with an epoch: never a visitor's by chance."""
    own = session().submitted
    return max(runs, key=lambda run: (run.id in own, run.origin == "project", bool(run.epochs), run.number))


def _default_epoch(second: Run, first: Run) -> int:
    """Return the newest epoch of another run; of the same run the first, for a difference."""
    return second.kept[0] if second.id == first.id else second.kept[-1]


def chosen_network(runs: list[Run]) -> tuple[Run, int]:
    """Return the session's run and epoch, the newest by default."""
    state = session()
    run = _chosen(runs)
    state.run = run.id
    if state.epoch == run.kept[-1] or state.epoch not in run.kept:
        state.epoch = None  # follow the newest epoch
    return run, state.epoch or run.kept[-1]


def pick_run(runs: list[Run]) -> Run:
    """Draw the choice of a run, and return it."""
    session().run = _chosen(runs).id
    return _pick_run(runs, "run", _("Run"))


def pick_network(runs: list[Run]) -> tuple[Run, int]:
    """Draw the choice of a network, and return its run and its epoch, the newest by default."""
    networks, epochs = st.columns(2, gap="large")
    with networks:
        run = pick_run(runs)
    with epochs:
        epoch = _pick_epoch(run, "epoch", _("Network after epoch"), default=run.kept[-1])
    draw_degenerate_warnings((run, epoch))
    return run, epoch


def pick_first(runs: list[Run]) -> tuple[Run, int]:
    """Draw the choice of network A, and return its run and its epoch."""
    session().run = _chosen(runs).id
    networks, epochs = st.columns([3, 2], gap="small")
    with networks:
        run = _pick_run(runs, "run", _("Network A: run"))
    with epochs:
        return run, _pick_epoch(run, "epoch", _("Network A after epoch"), default=run.kept[-1])


def pick_other(runs: list[Run], first: Run) -> tuple[Run, int]:
    """Draw the choice of network B, and return its run and its epoch."""
    session().other = _chosen_other(runs, first).id
    networks, epochs = st.columns([3, 2], gap="small")
    with networks:
        run = _pick_run(runs, "other", _("Network B: run"))
    with epochs:
        return run, _pick_epoch(run, "other_epoch", _("Network B after epoch"), default=_default_epoch(run, first))


def _pick_run(runs: list[Run], field: str, label: str) -> Run:
    by_id = {run.id: run for run in runs}
    st.selectbox(label, **session().bind_options(field, {run.id: run_name(run) for run in runs}))
    return by_id[getattr(session(), field)]


def _pick_epoch(run: Run, field: str, label: str, default: int) -> int:
    state = session()
    if len(run.kept) > 1:
        st.select_slider(label, run.kept, **state.bind(field, default=default))
    if getattr(state, field) == default:
        setattr(state, field, None)  # follow the newest epoch
    return getattr(state, field) or default
