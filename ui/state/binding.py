"""The binding of a session's fields to widgets."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ui.state import request
from ui.state.widget_value import WidgetValue


@dataclass
class WidgetBinding(ABC):
    """Fields that widgets show and change."""

    # By the key of each bound widget.
    widget_values: dict[str, WidgetValue] = field(default_factory=dict, init=False)
    # By the key of each widget with options: the option of every label that it has had.
    option_labels: dict[str, dict[str, Any]] = field(default_factory=dict, init=False)

    @abstractmethod
    def allows(self, name: str, value: Any) -> bool:
        """Return whether a field may have a value."""

    @abstractmethod
    def choose(self, **values: Any) -> None:
        """Set fields."""

    def bind(self, name: str, by: str = "choose", *, default: Any = None, steps: bool = False) -> dict[str, Any]:
        """Return the arguments that bind a widget to a field; the widget shows `default` while the field is None.

        With `steps`, for a slider, a value that the browser chose is not written back: its next step may be on its way.
        Other widgets send their labels, which the browser needs in their newest form.
        """
        key = f"{by}_{name}"
        value = getattr(self, name)
        value = default if value is None else value
        self.widget_values[key] = self.widget_values.get(key, WidgetValue(value)).redrawn(value)
        chosen = self.widget_values[key].chosen and key in st.session_state and st.session_state[key] == value
        if not (steps and chosen):
            st.session_state[key] = value
        return {"key": key, "on_change": self._on_change, "args": (name, key)}

    def bind_options(self, name: str, labels: Mapping[Any, str], *, default: Any = None) -> dict[str, Any]:
        """Return the arguments that bind a choice among options, by label, to a field."""
        bound = self.bind(name, default=default)
        self.option_labels.setdefault(bound["key"], {}).update({label: option for option, label in labels.items()})
        return bound | {"options": list(labels), "format_func": labels.__getitem__}

    def _on_change(self, name: str, key: str) -> None:
        # A request that the browser sent before it drew the last choice names the old values of the widgets, the next
        # request the new ones. Streamlit reports both as changes, and neither is a choice.
        value = as_tuple(self._option(key, st.session_state[key]))
        if not self.allows(name, value):
            return  # no browser sends it; the next drawing shows the field as it is
        if not (self.widget_values[key].is_echo(value) or request.from_other_fragment()):
            self.widget_values[key] = WidgetValue(value, chosen=True)
            self.choose(**{name: value})

    def _option(self, key: str, sent: Any) -> Any:
        """Return the option of a label that is no longer current; Streamlit passes such a label on as it is."""
        if isinstance(sent, list):
            return tuple(self._option(key, each) for each in sent)
        options = self.option_labels.get(key, {})
        return options.get(sent, sent) if isinstance(sent, str) else sent


def as_tuple(value: Any) -> Any:
    """Return a list as a tuple, any other value as it is."""
    return tuple(value) if isinstance(value, list) else value
