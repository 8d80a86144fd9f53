"""The training of this tab: its progress, drawn by the browser from the HTTP API, and the way back to it."""

from ui.components.declaration import declare
from ui.i18n.text import _

_component = declare(__file__)


def run_pill(run_id: str) -> bool:
    """Draw the state of a run; return whether it was opened."""
    result = _component(
        key="pill",
        width="content",
        data={
            "address": f"api/runs/{run_id}",
            "run": _("Run {number}"),
            "waits_one": _("waits, 1 run before it"),
            "waits_many": _("waits, {count} runs before it"),
            "starting": _("starting"),
            "epoch": _("epoch {epoch} of {epochs}"),
            "ready": _("ready"),
            "stopped": _("stopped after epoch {epoch}"),
            "failed": _("failed, see why"),
            "link": _("{state}: go to Train"),
        },
        on_open_change=lambda: None,
    )
    return bool(result.open)
