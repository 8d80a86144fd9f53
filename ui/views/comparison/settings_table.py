"""The settings of two networks, side by side."""

import streamlit as st

from fmnist.runs.record import Run
from ui.i18n.settings import environment, settings
from ui.i18n.text import _, duration


def settings_table(first: Run, first_epoch: int, second: Run, second_epoch: int) -> None:
    """Draw the settings of both and the differences of their machines; a sign marks each difference."""
    facts = (_facts(first, first_epoch), _facts(second, second_epoch))
    machines = (environment(first), environment(second))
    rows = {name: (facts[0][name], facts[1][name]) for name in facts[0]}
    for name in machines[0] | machines[1]:
        here, there = (machine.get(name, "–") for machine in machines)
        if here != there:
            rows[name] = here, there
    different = [name for name, (here, there) in rows.items() if here != there]
    st.write(_("≠ marks what differs.") if different else _("Nothing differs."))
    st.table(
        {
            _("Setting"): [f"**≠ {name}**" if name in different else name for name in rows],
            "A": [here for here, _there in rows.values()],
            "B": [there for _here, there in rows.values()],
        },
        hide_index=True,
    )
    if machines[0] and machines[0] == machines[1]:
        st.caption(_("Both were trained on the same kind of machine, with the same versions."))


def _facts(run: Run, epoch: int) -> dict[str, str]:
    seconds = sum(record.seconds for record in run.epochs[:epoch])
    return {
        _("Run"): str(run.number),
        _("Network after epoch"): str(epoch),
        _("Training time up to that epoch"): duration(seconds),
        **settings(run),
    }
