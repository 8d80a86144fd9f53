"""What a network gets right and wrong on all test images, after any of its epochs."""

import streamlit as st

from fmnist.analysis.evaluation import mistakes
from fmnist.runs.record import Run
from ui import resources
from ui.address import write_url
from ui.choosing import need_answering_runs, pick_network
from ui.confusions import draw_confusions
from ui.honest_confidence import draw_confidence
from ui.loading import explained, need_dataset
from ui.mistakes import draw_mistakes
from ui.session import session
from ui.text import _, number, percent
from ui.widgets import page_title

state = session()
page_title(_("Evaluate a network"))
dataset = need_dataset()

DRAW = {"matrix": draw_confusions, "mistakes": draw_mistakes, "confidence": draw_confidence}


@st.fragment
def evaluate(answering: list[Run]) -> None:
    """Choose a network and a view, and see how it does."""
    with explained():
        run, epoch = pick_network(answering)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
            _pick_view()
            _count(run, epoch)
        DRAW[state.view](run, epoch, dataset)
        write_url()


def _pick_view() -> None:
    views = {"matrix": _("Confusion matrix"), "mistakes": _("Mistakes"), "confidence": _("Confidence")}
    st.segmented_control(_("What to look at"), required=True, **state.bind_options("view", views))


def _count(run: Run, epoch: int) -> None:
    total, wrong = len(dataset.test), len(mistakes(resources.logits(run.id, epoch), dataset.test.labels))
    with st.container(horizontal=True, width="content", gap="large"):
        st.metric(_("Test accuracy"), percent(1 - wrong / total, 2), width="content")
        st.metric(_("Mistakes"), number(wrong), help=_("Of {count} test images.", count=number(total)), width="content")


evaluate(need_answering_runs())
