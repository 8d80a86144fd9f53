"""The banner of a lost connection, in the tab's language; the browser has it before the connection is lost."""

from ui.components.declaration import declare
from ui.i18n.text import _, language

# The style marks the whole page as outdated.
_component = declare(
    __file__, html='<div class="connection-banner" popover="manual" role="alert"></div>', isolate_styles=False
)


def connection_banner() -> None:
    """Draw nothing; the browser shows the sentence while the server does not respond."""
    sentence = _(
        "The server does not answer. This page is from {time} and may be old; it continues by itself when the "
        "server is back.",
        time="{time}",  # filled by the browser
    )
    _component(key="connection", data={"sentence": sentence, "language": language()})
