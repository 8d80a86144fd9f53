"""The rows and the sentence of the accuracy chart."""

from tests.ui.charts.conftest import dictionaries, spec
from tests.ui.conftest import rows


def draw_accuracy(runs, x_axis="epochs"):
    from ui.charts.accuracy import accuracy_chart

    accuracy_chart(runs, key="chart", x_axis=x_axis)


def test_every_epoch_has_one_point_on_each_curve(draw, run_with_epochs):
    run = run_with_epochs(3)
    chart, _captions = draw(draw_accuracy, ([run],))
    table = rows(chart)

    assert len(table) == 6
    assert not table.duplicated(["run", "curve", "epoch"]).any()
    for epoch in run.epochs:
        drawn = table[table.epoch == epoch.epoch].set_index("curve").accuracy.to_dict()
        assert drawn == {"training": epoch.accuracy, "validation": epoch.val_accuracy}


def test_a_sentence_describes_the_curves(draw, run_with_epochs):
    chart, (caption,) = draw(draw_accuracy, ([run_with_epochs(4)],))

    assert chart.proto.alt == (
        "Run 1: after epoch 4, the accuracy is 93.8% in validation and 95.0% in training; the best validation epoch is "
        "4, with 93.8%."
    )
    assert caption.startswith(chart.proto.alt)
    chart, (caption,) = draw(draw_accuracy, ([run_with_epochs(4)],), browser="es")
    spanish = chart.proto.alt.replace("\N{NO-BREAK SPACE}", " ")
    assert "la exactitud es de 93.8% en validación y de 95.0% en entrenamiento" in spanish


def test_before_the_first_epoch_the_axes_wait(draw, run_with_epochs):
    chart, (caption,) = draw(draw_accuracy, ([run_with_epochs(0, status="running", epochs=8)],))

    assert len(rows(chart)) == 0
    assert caption == chart.proto.alt == "Run 1 has no finished epoch yet; each epoch adds a point."
    assert spec(chart)["encoding"]["x"]["scale"]["domain"] == [1, 8]
    assert spec(chart)["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_several_runs_share_one_chart(draw, run_with_epochs):
    runs = [run_with_epochs(2), run_with_epochs(5)]
    chart, (caption,) = draw(draw_accuracy, (runs,))
    table = rows(chart)

    assert not table.duplicated(["run", "curve", "epoch"]).any()
    assert table.groupby("run").size().to_dict() == {"Run 1": 4, "Run 2": 10}
    assert spec(chart)["encoding"]["color"]["field"] == "run"
    assert spec(chart)["encoding"]["x"]["scale"]["domain"] == [1, 5]
    assert "Run 1: after epoch 2" in caption and "Run 2: after epoch 5" in caption


def test_the_first_epochs_are_those_that_every_run_has(draw, run_with_epochs):
    runs = [run_with_epochs(2), run_with_epochs(5)]
    chart, (caption,) = draw(draw_accuracy, (runs, "first"))

    assert rows(chart).groupby("run").epoch.max().to_dict() == {"Run 1": 2, "Run 2": 2}
    assert spec(chart)["encoding"]["x"]["scale"]["domain"] == [1, 2]
    assert "Run 2: after epoch 2" in caption


def test_every_field_is_a_column_of_its_table(draw, run_with_epochs):
    chart, _captions = draw(draw_accuracy, ([run_with_epochs(2)],))
    named = {part["field"] for part in dictionaries(spec(chart)) if isinstance(part.get("field"), str)}
    assert named and named <= set(rows(chart).columns)


def test_over_seconds_every_epoch_stands_where_it_ended(draw, run_with_epochs):
    runs = [run_with_epochs(3), run_with_epochs(2)]
    chart, (caption,) = draw(draw_accuracy, (runs, "seconds"))
    table = rows(chart)

    across = spec(chart)["encoding"]["x"]
    assert (across["field"], across["scale"]["domain"]) == ("seconds", [0, 4.5])
    assert table[table.run == "Run 1"].groupby("epoch").seconds.first().to_dict() == {1: 1.5, 2: 3.0, 3: 4.5}
    assert caption.startswith(
        "Run 1: after 4 s of training, the validation accuracy is 91.7%; the best was 91.7%, "
        "after 4 s. Run 2: after 3 s of training,"
    )
    chart, (caption,) = draw(draw_accuracy, (runs, "seconds"), browser="es")
    assert "tras 4 s de entrenamiento, la exactitud de validación es de 91.7%" in caption
