"""The prediction in words."""

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import bars


def answer_alone(image, label, logits):
    from fmnist.data.dataset import Sample
    from ui.widgets.prediction import draw_prediction

    draw_prediction(Sample(image, label, 3, "test"), logits)


def drawn(logits, label, browser="en"):
    tab = AppTest.from_function(answer_alone, args=(np.zeros((28, 28), np.uint8), label, logits), default_timeout=300)
    tab.context = {"locale": browser}
    tab.run()
    assert not tab.exception
    (table,) = bars(tab)
    emphasized = ["".join(row.find("th").itertext()) for row in table.findall("tbody/tr[@class='predicted']")]
    return tab, table.find("caption").text.replace("\xa0", " "), emphasized


def test_the_sentence_names_the_two_highest():
    logits = np.log(np.array([1e-9, 1e-9, 0.25, 1e-9, 0.0025, 1e-9, 0.7475, 1e-9, 1e-9, 1e-9]))
    tab, sentence, emphasized = drawn(logits, 2)
    assert tab.metric[0].value == "Shirt"
    assert sentence == "Highest probability: Shirt with 74.75%, then Pullover with 25.00%."
    assert emphasized == ["Shirt"]

    _tab, sentence, emphasized = drawn(logits, 6, browser="es")
    assert sentence == "Mayor probabilidad: Camisa, con 74.75%; después, Suéter, con 25.00%."
    assert emphasized == ["✓ Camisa"]


def test_of_equals_the_sentence_names_the_one_that_the_bars_stress():
    tab, sentence, emphasized = drawn(np.zeros(10), 0)
    assert tab.metric[0].value == "T-shirt/top"
    assert sentence == "No class stands out: 10 share the highest probability, 10.00%."
    assert emphasized == ["✓ T-shirt/top"]
