"""Request a training without data and without internet: python -m testing.no_data.

A real server with an empty cache, whose every way to the internet ends at a port where nothing listens. Prints what
Train says, how often a worker was started in what time, memory and threads.
"""

import argparse
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from fmnist.recipe import FAST
from fmnist.runs.store import Store
from fmnist.runs.supervisor import worker_log
from testing import chromium
from testing.clear_cache import line
from testing.serving import Server
from testing.train_page import train_button


class ServerWithoutData(Server):
    """A server that finds the data set nowhere; its store is removed with its folder."""

    def environment(self) -> dict[str, str]:
        """The environment of this process, with an empty cache and no way out."""
        nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
        # No package manager, which could bring it too.
        cache = {"XDG_CACHE_HOME": str(self.database.parent / "cache"), "PATH": ""}
        kept = {name: value for name, value in super().environment().items() if name != "FMNIST_DATA_DIR"}
        return kept | nowhere | cache


def main() -> None:
    """Submit a run to such a server, and follow it for the given seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, ServerWithoutData(Path(folder)) as server:
        store = Store(server.database_url)
        store.submit(FAST, "page")
        began = time.monotonic()
        with sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            page = browser.new_page()
            page.goto(f"{server.url}/train")
            said = page.get_by_role("alert").first
            said.wait_for()
            print(f"after {time.monotonic() - began:.1f} s the page says: {said.inner_text().splitlines()[-1]}")
            button = train_button(page)
            print(f"the button Train is {'off' if button.is_disabled() else 'on'}")
            time.sleep(max(0.0, seconds - (time.monotonic() - began)))
            browser.close()
        starts = worker_log(server.database_url).read_text().count("Error: ")
        print(f"in {time.monotonic() - began:.0f} s a worker was started {starts} times")
        print(f"the server holds {line(psutil.Process(server.pid))}")
        store.close()


if __name__ == "__main__":
    main()
