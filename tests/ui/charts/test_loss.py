"""What the loss chart draws and says."""

from tests.ui.charts.conftest import dictionaries, spec
from tests.ui.conftest import rows


def draw_loss(run):
    from ui.charts.loss import loss_chart

    loss_chart(run, key="chart")


def test_every_epoch_has_one_point_on_each_curve(draw, run_with_epochs):
    run = run_with_epochs(3, status="stopped", epochs=8)
    chart, _captions = draw(draw_loss, (run,))
    table = rows(chart)

    for epoch in run.epochs:
        drawn = table[table.epoch == epoch.epoch].set_index("curve").loss.to_dict()
        assert drawn == {"on training images": epoch.loss, "on validation images": epoch.val_loss}
    assert len(table) == 6
    assert spec(chart)["encoding"]["x"]["scale"]["domain"] == [1, 8]
    named = {part["field"] for part in dictionaries(spec(chart)) if isinstance(part.get("field"), str)}
    assert named == set(table.columns)


def test_a_sentence_says_where_it_was_least(draw, run_with_epochs):
    chart, (caption,) = draw(draw_loss, (run_with_epochs(3),))

    assert chart.proto.alt == caption
    assert caption.startswith(
        "After epoch 3 the loss is 0.2500 on the training images and 0.2750 on the validation images, where it was "
        "least after epoch 3, with 0.2750."
    )
