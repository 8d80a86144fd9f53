"""The rows and the sentence of the risk–coverage curve."""

import numpy as np
import pytest

from tests.ui.charts.conftest import dictionaries, spec
from tests.ui.conftest import rows


def draw_coverage(confidence, correct, threshold):
    from ui.charts.coverage import coverage_chart

    coverage_chart(confidence, correct, threshold, key="chart")


@pytest.fixture
def answers():
    """A thousand answers that are right as often as they are confident."""
    random = np.random.default_rng(0)
    confidence = random.uniform(0.2, 0.95, 1_000)
    return confidence, random.uniform(size=1_000) < confidence


@pytest.mark.parametrize("threshold", [0.0, 0.37, 0.9])
def test_the_chosen_point_is_marked_on_the_curve(draw, answers, threshold):
    chart, _captions = draw(draw_coverage, (*answers, threshold))
    table = rows(chart)
    kept = answers[0] >= threshold

    ((point,),) = [part["values"] for part in dictionaries(spec(chart)) if isinstance(part.get("values"), list)
                   and part["values"] and isinstance(part["values"][0], dict)]  # fmt: skip
    assert point == {"share": kept.mean(), "accuracy": pytest.approx(answers[1][kept].mean())}
    assert (point["share"], point["accuracy"]) in list(zip(table.share, table.accuracy, strict=True))
    assert chart.proto.alt == (
        f"At a confidence of {threshold:.0%} or more: {kept.sum():,} of 1,000 images answered, "
        f"{answers[1][kept].mean():.1%} of the answers right."
    )


def test_where_no_answer_is_so_confident_nothing_is_marked(draw, answers):
    chart, _captions = draw(draw_coverage, (*answers, 0.97))

    assert spec(chart)["layer"][-1]["data"]["values"] == []
    assert chart.proto.alt == "None of the 1,000 predictions has such a confidence."
    assert len(rows(chart)) > 100


def test_the_curve_ends_with_all_images_and_has_them_in_even_steps(draw, answers):
    table = rows(draw(draw_coverage, (*answers, 0.5))[0])

    assert table.share.max() == 1
    assert table.accuracy[table.share.idxmax()] == answers[1].mean()
    assert set(np.arange(10, 1_001, 10)) <= set((table.share * 1_000).round().astype(int))
    assert table.threshold.is_monotonic_decreasing and table.share.is_monotonic_increasing


def test_equal_confidences_count_together(draw):
    chart, _captions = draw(draw_coverage, (np.ones(100), np.arange(100) < 80, 1.0))
    table = rows(chart)

    assert (table.share.tolist(), table.accuracy.tolist()) == ([1.0], [0.8])
    assert chart.proto.alt == "At a confidence of 100% or more: 100 of 100 images answered, 80.0% of the answers right."


def test_every_field_is_a_column_of_its_table(draw, answers):
    chart, _captions = draw(draw_coverage, (*answers, 0.5))
    named = {part["field"] for part in dictionaries(spec(chart)) if isinstance(part.get("field"), str)}

    assert named and named <= set(rows(chart).columns)
