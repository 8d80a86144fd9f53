"""The component of the page Predict: what it is sent, and what it sends."""

import base64
import json

import numpy as np

from tests.ui.conftest import components, send


def softmax(logits):
    powers = np.exp(logits.astype(float) - logits.max())
    return powers / powers.sum()


def data(tab):
    """Return what the component has got."""
    return json.loads(components(tab)[0].proto.json)


def answer(tab):
    """Return the image (28, 28) and the logits (10,) of the server."""
    sent = data(tab)["answer"]
    return np.frombuffer(base64.b64decode(sent["greys"]), np.uint8).reshape(28, 28), np.array(sent["logits"])


def go(tab, **place):
    """Let the hand rest at another place."""
    now = data(tab)
    message = now["place"] | place | {"number": now["number"] + 1}
    return send(tab, components(tab)[0].proto.id, json_value=json.dumps({"place": message}))


def take(tab, value):
    """Send what the browser sends when a photograph was chosen."""
    events = f"$$STREAMLIT_INTERNAL_KEY_{components(tab)[0].proto.id}__events"
    return send(tab, events, json_trigger_value=json.dumps([{"event": "photo", "value": value}]))
