"""A game: five images to classify, a person's answers beside the network's, all of it in the browser.

The human score is a crowd's, without expertise in fashion, on 1,000 test images, each labeled by a majority of three:
https://github.com/zalandoresearch/fashion-mnist#benchmark, "Human Performance".
"""

from collections.abc import Callable

import numpy as np

from ui.components.declaration import declare
from ui.i18n.names import class_names, nouns
from ui.i18n.text import _, percent
from ui.images import data_url, png
from ui.state.domains import index_among
from ui.state.session import session

HUMAN_ACCURACY = 0.835

_component = declare(__file__)


def game(
    images: np.ndarray, labels: np.ndarray, probabilities: np.ndarray, accuracy: float, more: Callable[[], None]
) -> int | None:
    """Draw the game of images (n, 28, 28) uint8, labels (n,) and probabilities (n, 10); return the one to open, if any.

    `accuracy`: the network's on all test images. `more` is called when other images are wanted, before the next
    drawing.
    """
    human = percent(HUMAN_ACCURACY)
    result = _component(
        key="game",
        data={
            "images": tuple(
                {"source": data_url(png(image)), "label": int(label), "probabilities": tuple(row.round(6).tolist())}
                for image, label, row in zip(images, labels, probabilities, strict=True)
            ),
            # The words beside them: for a dictionary, Streamlit imports pandas, to find out whether it is a table.
            "names": tuple(class_names()),
            "nouns": tuple(nouns()),
            "count": _("Image {number} of {count}", number="{number}", count=len(images)),
            "own": _("Your answer"),
            "network": _("The network’s answer"),
            # The pill of a training takes its room.
            "later": "" if session().trained else _("appears after yours"),
            "keys": _("The keys 0 to 9 work, too."),
            "next": _("Next image"),
            "more": _("Five more"),
            "picture": _("The image in question: 28 × 28 gray values"),
            "open": _("Open image {number} in Predict"),
            "you": _("You"),
            "machine": _("The network"),
            "people": _("People"),
            "study": _("in a study"),
            "human": human,
            "of": _("of"),
            "right": _("right"),
            "wrong": _("wrong"),
            "verdict_both": _("It is {noun}. You and the network were right."),
            "verdict_you": _("It is {noun}. You were right; the network said {its}."),
            "verdict_network": _("It is {noun}. The network was right; you said {yours}."),
            "verdict_same": _("It is {noun}. You and the network said {its}."),
            "verdict_neither": _("It is {noun}. You said {yours}, the network {its}."),
            "spoken": _("It is {noun}. You said {yours}. The network says {its}, {percent} percent."),
            "end": _(
                "You {you}, the network {network}. These are trickier than most: of all 10,000 it gets {accuracy}, "
                "people {human}.",
                you="{you}",
                network="{network}",
                accuracy=percent(accuracy),
                human=human,
            ),
        },
        on_open_change=lambda: None,
        on_more_change=more,
    )
    return index_among(result.open, len(images))
