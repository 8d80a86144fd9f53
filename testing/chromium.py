"""Debian's Chromium under Playwright; its shell without a window draws the same at three quarters of the time."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

FLAGS = (
    # Root, as in a container, gets no sandbox.
    "--no-sandbox",
    "--disable-gpu",
    # Nothing but the server under test is asked.
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    # A test's second tab lies above its first, which must go on as if it were seen.
    "--disable-backgrounding-occluded-windows",
)


def find() -> Path | None:
    """Where this machine's Chromium is, None when it has none."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return Path(found) if found else None


def launch(playwright: Playwright) -> Browser:
    """Start it, headless. Raises RuntimeError where there is none."""
    program = find()
    if program is None:
        raise RuntimeError(f"There is no Chromium on this machine; looked for {', '.join(NAMES)} on the PATH.")
    return playwright.chromium.launch(executable_path=program, args=FLAGS)
