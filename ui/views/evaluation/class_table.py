"""The metrics of each class: precision, recall, F1, support."""

import numpy as np
import streamlit as st

from fmnist.analysis.confusion import class_report
from ui.i18n.names import class_names
from ui.i18n.text import _, number, percent


def class_table(matrix: np.ndarray) -> None:
    """Draw precision, recall, F1 and support of the ten classes of a confusion matrix (10, 10)."""
    report = class_report(matrix)
    names = class_names()
    weakest, strongest = int(np.nanargmin(report.f1)), int(np.nanargmax(report.f1))
    st.header(_("Class by class"))
    missed = int((report.recall == 0).sum())
    st.markdown(
        _("**{count}** of the ten classes are never predicted correctly.", count=number(missed))
        if missed > 1
        else _(
            "Lowest F1: **{weakest}** with {lowest}; highest: **{strongest}** with {highest}.",
            weakest=names[weakest],
            lowest=_or_dash(report.f1[weakest]),
            strongest=names[strongest],
            highest=_or_dash(report.f1[strongest]),
        )
    )
    st.table(
        {
            _("Class"): names,
            _("Precision"): [_or_dash(value) for value in report.precision],
            _("Recall"): [_or_dash(value) for value in report.recall],
            _("F1"): [_or_dash(value) for value in report.f1],
            _("Images"): [number(int(count)) for count in report.support],
        },
        hide_index=True,
    )
    st.caption(
        _(
            "Precision: the share of the predictions of this class that are right; “–” where it is never "
            "predicted. Recall: the share of the images of this class that are found. F1: the harmonic mean of "
            "both, high only when both are."
        )
    )


def _or_dash(value: float) -> str:
    return "–" if np.isnan(value) else percent(value)
