"""The rows of the lines over the epochs."""

import numpy as np

from fmnist.data.dataset import CLASS_NAMES
from tests.ui.charts.conftest import dictionaries, spec
from tests.ui.conftest import rows

DRESS = 3
# Dress rises; Coat, Shirt and Bag were probable once; Sandal is next.
PROBABILITIES = np.array(
    [
        [0.01, 0.01, 0.01, 0.10, 0.50, 0.05, 0.20, 0.01, 0.10, 0.01],
        [0.01, 0.01, 0.01, 0.60, 0.10, 0.01, 0.10, 0.01, 0.14, 0.01],
        [0.01, 0.01, 0.01, 0.80, 0.05, 0.01, 0.05, 0.01, 0.04, 0.01],
    ]
)


def draw_lines(probabilities, chosen, epochs):
    from ui.charts.history import history_lines

    history_lines(probabilities, (1, 2, 3), 3, chosen, epochs, "A sentence.", key="history")


def test_every_class_has_a_point_at_every_epoch(draw):
    chart, _captions = draw(draw_lines, (PROBABILITIES, 2, 3))
    table = rows(chart)

    assert len(table) == 30
    assert chart.proto.alt == "A sentence."
    drawn = table.pivot(index="epoch", columns="class", values="probability")
    assert drawn.index.tolist() == [1, 2, 3]
    assert drawn["✓ Dress"].tolist() == PROBABILITIES[:, DRESS].tolist()
    assert drawn["Coat"].tolist() == PROBABILITIES[:, 4].tolist()
    named = {part["field"] for part in dictionaries(spec(chart)) if isinstance(part.get("field"), str)}
    assert named and named <= set(table.columns)


def test_the_true_class_and_its_three_runners_up_stand_out(draw):
    chart, _captions = draw(draw_lines, (PROBABILITIES, 1, 3))
    kinds = rows(chart).groupby("kind")["class"].agg(set)

    assert kinds["true"] == {"✓ Dress"}
    assert kinds["runner_up"] == {"Coat", "Shirt", "Bag"}
    assert kinds["other"] == set(CLASS_NAMES) - {"Dress", "Coat", "Shirt", "Bag"}
    (domain,) = {tuple(part["domain"]) for part in dictionaries(spec(chart)) if "Coat" in part.get("domain", ())}
    assert domain == ("✓ Dress", "Coat", "Shirt", "Bag")


def test_each_epochs_prediction_and_the_chosen_epoch_are_marked(draw):
    chart, _captions = draw(draw_lines, (PROBABILITIES, 2, 3))
    table = rows(chart)

    assert table[table.predicted]["class"].tolist() == ["Coat", "✓ Dress", "✓ Dress"]
    assert set(table[table.chosen].epoch) == {2}
    filters = [part["filter"] for part in dictionaries(spec(chart)) if "filter" in part]
    assert "datum.chosen && datum.predicted" in filters


def test_another_epoch_moves_the_mark_and_nothing_else(draw):
    first, second = (draw(draw_lines, (PROBABILITIES, chosen, 3))[0] for chosen in (1, 3))

    assert spec(first) == spec(second), "a chart whose description stays is not built anew"
    assert set(rows(second)[rows(second).chosen].epoch) == {3}


def test_the_axis_has_room_for_the_epochs_to_come(draw):
    chart, _captions = draw(draw_lines, (PROBABILITIES, 3, 12))
    domains = [part["domain"] for part in dictionaries(spec(chart)) if "domain" in part]
    assert [1, 12] in domains
