"""The Compare page, as a person uses it and as a client misuses it."""

import re

import numpy as np
import pytest

from tests.conftest import logits_like_real
from tests.ui.conftest import bars, charts, click, numbers, rows, sentences

NOBODY = "0" * 32


def shown(tab):
    """The picture's caption."""
    return tab.get("image")[0].proto.imgs[0].caption


def words(tab):
    return "\n".join(text.value for text in tab.markdown)


def epochs(tab):
    """The epochs of A and of B; None where there is no choice."""
    sliders = {slider.key: slider.value for slider in tab.select_slider}
    return sliders.get("choose_epoch"), sliders.get("choose_other_epoch")


@pytest.fixture
def pair(run_with_epochs):
    """The older run with three epochs, the newer one with two; by default the newer is A."""
    return run_with_epochs(3), run_with_epochs(2, batch_size=32)


def test_it_opens_with_two_runs_at_their_newest_epochs(visit, pair):
    older, newer = pair
    tab = visit("compare")

    assert tab.query_params == {"run": newer.id, "other": older.id}
    assert epochs(tab) == (2, 3)
    assert set(rows(charts(tab)[0]).run) == {"Run 1", "Run 2"}
    assert shown(tab) == "Test image 169: Pullover"


def test_a_single_run_is_compared_with_its_first_epoch(visit, run_with_epochs):
    run = run_with_epochs(3)
    tab = visit("compare")

    assert tab.query_params == {"run": run.id, "other": run.id}
    assert epochs(tab) == (3, 1)
    assert set(rows(charts(tab)[0]).run) == {"Run 1"}


def test_the_counts_are_those_of_the_stored_predictions(visit, pair, labels):
    tab = visit("compare")
    first, second = (logits_like_real(epoch).argmax(axis=1) == labels for epoch in (2, 3))
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())

    assert f"A is right on **{first.sum():,}** of the 10,000 test images, B on **{second.sum():,}**." in words(tab)
    assert f"On {only_first:,} of them only A is right, on {only_second:,} only B." in words(tab)
    assert "McNemar's exact test" in words(tab)
    assert tab.table[0].value.to_numpy().tolist() == [
        ["A right", f"{(first & second).sum():,}", f"{only_first:,}"],
        ["A wrong", f"{only_second:,}", f"{(~first & ~second).sum():,}"],
    ]


def test_the_filter_counts_its_images_and_is_in_the_address(visit, pair, labels):
    tab = visit("compare")
    first, second = (logits_like_real(epoch).argmax(axis=1) for epoch in (2, 3))
    apart = first != second
    counts = [apart, apart & (first == labels), apart & (second == labels),
              apart & (first != labels) & (second != labels)]  # fmt: skip
    choice = tab.button_group(key="choose_disagreement_filter")
    assert [int(re.sub(r"\D", "", option.content)) for option in choice.proto.options] == [
        np.count_nonzero(count) for count in counts
    ]

    choice.set_value("neither").run()
    assert tab.query_params["disagreement_filter"] == "neither"
    assert f"Images 1–25 of {np.count_nonzero(counts[3]):,}." in [caption.value for caption in tab.caption]


def test_the_address_names_both_networks_and_the_image(visit, pair):
    older, newer = pair
    address = {"run": older.id, "epoch": "2", "other": newer.id, "other_epoch": "1", "index": "12"}
    tab = visit("compare", **address)

    assert tab.query_params == address
    assert epochs(tab) == (2, 1)
    assert sentences(tab) == []
    assert shown(tab) == "Test image 12: Sneaker"

    tab.select_slider(key="choose_other_epoch").set_value(2).run()
    tab.select_slider(key="choose_epoch").set_value(3).run()
    assert tab.query_params == {"run": older.id, "other": newer.id, "index": "12"}, "the newest need no word"


def test_two_runs_with_equal_predictions_are_not_the_same_network(visit, pair):
    tab = visit("compare", epoch="1", other_epoch="1")

    assert sentences(tab) == ["There is no such image."]
    assert "**Neither is better:**" in words(tab)


def test_both_predictions_are_drawn_and_described(visit, pair, labels):
    tab = visit("compare", index="12")
    powers = np.exp(np.stack([logits_like_real(epoch)[12] for epoch in (2, 3)]).astype(float))
    confidence = powers / powers.sum(axis=1, keepdims=True)
    (table,) = bars(tab)

    assert numbers(table) == pytest.approx(confidence.T, abs=6e-5)
    for network, expected in zip("AB", confidence, strict=True):
        sign = "✓" if expected.argmax() == labels[12] else "✗"
        assert re.search(rf"{sign} {network} predicts .+? with a confidence of {expected.max():.2%}", words(tab))
    alike = confidence[0].argmax() == confidence[1].argmax()
    assert ("The predictions agree:" if alike else "The predictions disagree:") in words(tab)


def test_the_same_network_twice_is_reported_and_drawn_once(visit, run_with_epochs):
    run_with_epochs(2)
    tab = visit("compare")
    tab.select_slider(key="choose_other_epoch").set_value(2).run()

    assert sorted(sentences(tab)) == [
        "A and B are the same network. Choose another run or another epoch for one of them.",
        "There is no such image.",
    ]
    assert "McNemar" not in words(tab)
    assert "Nothing differs." in words(tab)
    assert len(charts(tab)) == len(bars(tab)) == 1


def test_another_second_run_begins_at_its_newest_epoch(visit, pair):
    older, newer = pair
    tab = visit("compare", other=older.id, other_epoch="1")
    assert epochs(tab) == (2, 1)
    tab.selectbox(key="choose_other").set_value(newer.id).run()

    assert tab.query_params == {"run": newer.id, "other": newer.id}
    assert epochs(tab) == (2, 1), "of the same run, the first"


def test_other_disagreements_begin_at_their_first_page(visit, pair):
    tab = visit("compare", gallery_page="3")
    assert tab.query_params["gallery_page"] == "3"
    tab.select_slider(key="choose_epoch").set_value(1).run()

    assert "gallery_page" not in tab.query_params


def test_an_image_leads_to_predict(visit, pair):
    _older, newer = pair
    tab = click(visit("compare", index="12", epoch="1"), "Open in Predict with network A")

    assert tab.title[0].value == "Predict"
    assert tab.query_params == {"run": newer.id, "epoch": "1", "index": "12"}


def test_a_training_image_of_predict_gives_way_to_a_test_image(visit, pair):
    tab = visit("predict", source="train", index="59999")
    tab.query_params = {}
    tab.switch_page("ui/pages/compare.py").run()

    assert shown(tab) == "Test image 169: Pullover"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        (
            {"other": NOBODY, "other_epoch": "3"},
            f"There is no run {NOBODY}; it may have been deleted. Another one is shown.",
        ),
        ({"other": "é" * 500}, f"There is no run {'é' * 40}; it may have been deleted. Another one is shown."),
        ({"other_epoch": "4"}, "Run 1 has no network of epoch 4; that of epoch 3 is used."),
        (
            {"other_epoch": "0"},
            "The address contains other_epoch='0', which is no epoch; choose an epoch of the run.",
        ),
        ({"epoch": "9"}, "Run 2 has no network of epoch 9; that of epoch 2 is used."),
        (
            {"disagreement_filter": "x"},
            "The address contains disagreement_filter='x'; it can be all, first, second, neither.",
        ),
        ({"index": "10000"}, "There is no test image 10000; choose an index from 0 to 9,999."),
    ],
)
def test_an_invalid_address_is_reported_and_something_is_compared(visit, pair, parameters, sentence):
    older, newer = pair
    tab = visit("compare", **parameters)

    assert [box.value.replace("`", "") for box in tab.warning] == [sentence]
    assert tab.query_params == {"run": newer.id, "other": older.id}
    assert epochs(tab) == (2, 3)


def test_a_run_in_its_first_epoch_is_replaced(visit, pair, run_with_epochs):
    begun = run_with_epochs(0, status="running")
    tab = visit("compare", other=begun.id)

    assert sentences(tab)[0] == "Run 3 has no finished epoch yet; another run is shown."
    assert tab.query_params["other"] == pair[0].id


def test_an_unknown_epoch_of_the_same_run_gives_way_to_the_first(visit, run_with_epochs):
    run = run_with_epochs(3)
    tab = visit("compare", run=run.id, other=run.id, other_epoch="7")

    assert [box.value.replace("`", "") for box in tab.warning] == [
        "Run 1 has no network of epoch 7; that of epoch 1 is used."
    ]
    assert epochs(tab) == (3, 1)


def test_a_run_deleted_in_another_tab_is_explained(visit, store, pair):
    older, newer = pair
    tab = visit("compare")
    store.delete(older.id)
    tab.run()

    (message,) = [box.value.replace("`", "") for box in tab.warning]
    assert message.startswith(f"There is no run {older.id}; it may have been deleted.")
    assert tab.query_params == {"run": newer.id, "other": newer.id}


def test_it_speaks_spanish(visit, pair):
    tab = visit("compare", "es")

    assert tab.title[0].value == "Compara dos redes"
    assert "prueba exacta de McNemar" in words(tab)
    assert "≠ señala lo que difiere." in words(tab)
