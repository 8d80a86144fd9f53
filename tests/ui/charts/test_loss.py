"""The rows and the sentence of the loss chart."""

from dataclasses import replace

from tests.conftest import epoch_like_real
from tests.ui.charts.conftest import dictionaries, spec
from tests.ui.conftest import rows
from ui.charts.loss import loss_sentence


def draw_loss(run):
    from ui.charts.loss import loss_chart

    loss_chart(run, key="chart")


def test_every_epoch_has_one_point_on_each_curve(draw, run_with_epochs):
    run = run_with_epochs(3, status="stopped", epochs=8)
    chart, _captions = draw(draw_loss, (run,))
    table = rows(chart)

    for epoch in run.epochs:
        drawn = table[table.epoch == epoch.epoch].set_index("curve").loss.to_dict()
        assert drawn == {"training": epoch.loss, "validation": epoch.val_loss}
    assert len(table) == 6
    assert spec(chart)["encoding"]["x"]["scale"]["domain"] == [1, 8]
    named = {part["field"] for part in dictionaries(spec(chart)) if isinstance(part.get("field"), str)}
    assert named == set(table.columns)


def test_overfitting_is_reported_where_the_validation_loss_rose_while_the_other_fell():
    first = epoch_like_real(1)
    risen = replace(epoch_like_real(2), val_loss=0.9)
    assert loss_sentence((first, risen)).endswith("while the training loss falls.")
    both = replace(risen, loss=2.0)
    assert loss_sentence((first, both)).endswith("The validation loss is lowest after epoch 1, with 0.5500.")
    swing = replace(risen, val_loss=1.05 * first.val_loss)
    assert "overfits" not in loss_sentence((first, swing)), "that much it goes up and down by itself"
    assert "least" not in loss_sentence((first,)) + loss_sentence((first, epoch_like_real(2)))


def test_a_sentence_has_the_losses(draw, run_with_epochs):
    chart, (caption,) = draw(draw_loss, (run_with_epochs(3),))

    assert chart.proto.alt == caption
    assert caption == ("After epoch 3 the loss is 0.2500 in training and 0.2750 in validation.")
