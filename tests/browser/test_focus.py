"""The keyboard's focus on a button that is drawn anew."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from fmnist.runs.presence import this_process
from testing.serving import Server


class ServerWithIdleWorker(Server):
    """Its runs wait for a worker that is there, but takes none: this process."""

    def environment(self) -> dict[str, str]:
        return super().environment() | {"FMNIST_WORKERS": "external"}


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    with ServerWithIdleWorker(tmp_path) as server:
        worker = this_process("worker")
        server.store.presences.beat(worker)
        yield server
        server.store.presences.leave(worker)


def test_the_focus_stays_on_train_and_a_second_press_or_a_held_key_is_no_second_run(visit, server):
    def submitted() -> int:
        return sum(run.origin != "project" for run in server.store.runs())

    page = visit(server, "?language=es")
    expect(page.locator("html")).to_have_attribute("lang", "es")  # by then the scripts of the page are there
    page.get_by_role("navigation").get_by_role("link", name="Entrenar").click()
    train = page.get_by_role("button", name="Entrenar", exact=True)
    train.focus()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(500)  # no person is quicker
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    expect(page.get_by_text("es la siguiente")).to_be_visible()
    expect(train).to_be_focused()
    assert submitted() == 1

    page.wait_for_timeout(500)  # until it takes another press
    for _ in range(10):  # as a key that is held repeats
        page.keyboard.down("Enter")
        page.wait_for_timeout(100)
    page.keyboard.up("Enter")
    expect(page.get_by_text("Hay 1 corrida antes")).to_be_visible()
    expect(train).to_be_focused()
    assert submitted() == 2
