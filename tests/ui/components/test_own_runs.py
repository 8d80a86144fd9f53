"""What a browser sends of a tab's runs."""

import json

import pytest

from tests.ui.conftest import send


def sent_to(tab, kept):
    """The tab after its browser has sent what it kept."""
    (part,) = [part for part in tab.get("bidi_component") if part.proto.component_name.endswith("fmnist_own_runs")]
    events = f"$$STREAMLIT_INTERNAL_KEY_{part.proto.id}__events"
    return send(tab, events, json_trigger_value=json.dumps([{"event": "kept", "value": kept}]))


def test_a_new_session_takes_over_the_runs_of_its_tab(visit, store, run_with_epochs):
    run, newer = run_with_epochs(1), run_with_epochs(1)
    tab = sent_to(visit("data"), {"submitted": [run.id, newer.id], "trained": run.id})

    state = tab.session_state["session"]
    assert (state.submitted, state.trained) == ((run.id, newer.id), run.id)


@pytest.mark.parametrize(
    "kept",
    [
        None,
        3,
        [],
        {},
        {"submitted": 3},
        {"submitted": [3, None, ["x"], "x" * 10_000]},
        {"submitted": [], "trained": "x"},
    ],
)
def test_a_forged_message_changes_nothing(visit, run_with_epochs, kept):
    run_with_epochs(1)
    tab = sent_to(visit("data"), kept)

    state = tab.session_state["session"]
    assert (state.submitted, state.trained) == ((), None)
