"""Two clicks where one was meant, on the buttons that change a run."""

import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist.recipe import Recipe
from fmnist.runs.presence import this_process
from testing.serving import Server
from testing.train_page import status


class ServerWithoutWorker(Server):
    """Its runs wait for a worker that is there, but takes none: this process."""

    def environment(self) -> dict[str, str]:
        return super().environment() | {"FMNIST_WORKERS": "external"}


@pytest.fixture(scope="module")
def module_server(tmp_path_factory):
    with ServerWithoutWorker(tmp_path_factory.mktemp("clicks")) as server:
        worker = this_process("worker")
        server.store.presences.beat(worker)
        yield server
        server.store.presences.leave(worker)


@pytest.fixture
def server(module_server):
    yield module_server
    for run in own_runs(module_server):
        module_server.store.delete(run.id)


def own_runs(server: Server) -> list:
    return [run for run in server.store.runs() if run.origin != "project"]


def click_twice(page: Page, button: Locator, gap: int) -> None:
    """By the mouse at one place, whatever is drawn there meanwhile."""
    button.hover()
    box = button.bounding_box()
    assert box
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    button.click()  # as soon as it takes clicks: a drawing that comes between makes it wait again
    page.wait_for_timeout(gap)
    page.mouse.click(*place)


@pytest.mark.parametrize("gap", [30, 250])
def test_two_clicks_on_train_are_one_run_and_a_press_after_its_drawing_is_another(visit, server, gap):
    page = visit(server, "train")
    train = page.get_by_role("button", name="Train", exact=True)
    click_twice(page, train, gap)
    expect(status(page, "is next")).to_be_visible()
    page.wait_for_timeout(500)  # for a second run, which must not come
    assert len(own_runs(server)) == 1

    train.click()
    expect(page.get_by_text("1 run is before it")).to_be_visible()
    assert len(own_runs(server)) == 2


def test_two_clicks_on_delete_spare_the_run_that_is_drawn_next(visit, server):
    runs = [server.store.add(Recipe(), "page") for _ in range(3)]
    page = visit(server, f"train?run={runs[-1].id}")
    click_twice(page, page.get_by_role("button", name="Delete", exact=True), 250)
    expect(status(page, "waits")).to_contain_text(f"Run {runs[1].number}")
    page.wait_for_timeout(500)
    assert [run.id for run in own_runs(server)] == [runs[1].id, runs[0].id]
