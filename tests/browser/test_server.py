"""The server's end and its next start, as a person at the terminal sees them."""

import subprocess

import psutil
import pytest
from playwright.sync_api import expect

from testing.serving import Server
from testing.train_page import shown_number, start_training, status

pytestmark = pytest.mark.thorough


def test_ctrl_c_leaves_no_process_and_the_next_start_goes_on_with_the_run(visit, tmp_path):
    with Server(tmp_path) as server:
        page = visit(server, "train")
        start_training(page, 200)
        expect(status(page, "epoch 2 of 200")).to_be_visible()
        number = shown_number(page)
        ours = server.processes()
        assert len(ours) == 2

        server.interrupt()
        _gone, left = psutil.wait_procs(ours, timeout=10)
        assert left == []
        run = server.run
        assert run.status == "queued"
        assert run.epochs

        server.start()
        page.goto(f"{server.url}/train?run={run.id}")
        expect(status(page, number)).to_be_visible()
        expect(status(page, f"epoch {len(run.epochs) + 2} of 200")).to_be_visible()
        assert server.run.epochs[: len(run.epochs)] == run.epochs
        assert "Traceback" not in server.log


def test_a_port_in_use_is_reported_in_one_sentence(empty_server, tmp_path):
    second = Server(tmp_path)
    second.port = empty_server.port
    ended = subprocess.run(second.command(), env=second.environment(), capture_output=True, text=True, timeout=300)

    assert ended.returncode != 0
    assert f"Port {second.port} is not available" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
