"""The state of a tab."""

import pytest

from fmnist.errors import InvalidInput
from tests.ui.conftest import click
from ui.state.session import Session

RUN, OTHER = "0" * 32, "f" * 32


@pytest.mark.parametrize("change", [{"split": "test"}, {"label": 4}, {"seed": 9}])
def test_other_images_begin_at_their_first_page(change):
    session = Session(page=7)
    session.choose(**change)

    assert session.page == 1


def test_another_run_starts_at_its_newest_epoch():
    session = Session(run=RUN, epoch=3)
    session.choose(run=RUN)
    assert session.epoch == 3
    session.choose(run=OTHER)
    assert session.epoch is None


def test_a_drawing_is_there_again_after_another_source():
    session = Session(source="draw", picture="drawing", pictures={"photo": "photo"})
    session.choose(source="test")
    assert session.picture is None
    session.choose(source="draw")
    assert session.picture == "drawing"
    session.choose(source="photo")
    assert session.picture == "photo"


def test_an_image_that_was_changed_is_left_with_its_source():
    session = Session(source="test", index=4, picture="changed")
    session.choose(source="draw")
    session.choose(source="test")
    assert session.picture is None


def test_a_choice_clears_the_errors_of_the_url():
    session = Session(url_errors=[InvalidInput("The address contains page=0; choose a number from 1.")])
    session.choose(page=2)

    assert session.url_errors == []


def test_several_choices_are_kept_as_they_were_made():
    session = Session()
    session.choose(compare=[OTHER, RUN])

    assert session.compare == (OTHER, RUN)


def test_two_tabs_look_at_different_things(visit):
    one, other = visit(label="3"), visit(split="test")
    click(other, "Shuffle")

    assert one.run().query_params == {"label": "3"}
    assert other.query_params.keys() == {"split", "seed"}
