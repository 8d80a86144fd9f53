"""The Train page in the words of its tests."""

import json

from tests.ui.conftest import components, send


def labels(tab):
    """The buttons that are not folded away."""
    return [button.label for button in tab.button if not str(button.key).startswith("again_")]


def the_run(store):
    """The only one that somebody asked for."""
    (run,) = [run for run in store.runs() if run.origin != "project"]
    return run


def block(tab):
    """What the live block of the run has got."""
    return json.loads(components(tab)[0].proto.json)


def press(tab, kind, **values):
    """Send what the live block sends when a button is pressed; a whole message instead of a kind, too."""
    value = {"kind": kind, "address": block(tab)["address"]} | values if isinstance(kind, str) else kind
    events = f"$$STREAMLIT_INTERNAL_KEY_{components(tab)[0].proto.id}__events"
    return send(tab, events, json_trigger_value=json.dumps([{"event": "event", "value": value}]))


def status(tab):
    """The run's result as the block draws it; of an active run, its name."""
    sent = block(tab)
    result = sent["ending"]
    return f"{result['strong']}{result['text']} {result['soft']}".strip() if result else sent["name"]
