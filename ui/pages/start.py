"""Start: five images to classify, a person beside the network, and the ways into the other pages."""

import streamlit as st

from fmnist.analysis.game import choose_images
from fmnist.analysis.metrics import accuracy, softmax
from ui.components.game.game import game
from ui.i18n.text import _
from ui.server import resources
from ui.state.session import session
from ui.views.start.ways import draw_ways
from ui.widgets.gallery import open_in_predict
from ui.widgets.guards import require_dataset
from ui.widgets.page import page_title

state = session()


def draw_game() -> None:
    """Draw the game with the logits of the included network, which need no store; an image opens on Predict."""
    test, logits = require_dataset().test, resources.included_logits()
    shown = choose_images(logits, test.labels, (state.visit, state.round))
    opened = game(test.images[shown], test.labels[shown], softmax(logits[shown]), accuracy(logits, test.labels), _more)
    if opened is not None:
        runs = resources.store().runs(newest=1)
        state.choose(run=next((run.id for run in runs if run.origin == "project"), None), epoch=None)
        open_in_predict(int(shown[opened]))


def _more() -> None:
    state.round += 1


page_title(_("What is it?"), key="question")
play, ways = st.columns([928, 246], gap="medium")
with ways:  # first: without the data set the page ends with the game
    draw_ways()
with play:
    draw_game()
