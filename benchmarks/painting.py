"""Painting times, measured within the page, without the driver's own delay."""

import json
from collections.abc import Callable

from playwright.sync_api import Page

# Resolves with the time at which `holds` is true, all pictures are decoded, and the frame that shows it has ended.
# A change of the page is looked at at once; what changes inside a component is seen in the next frame.
_PAINTED = """(holds) => new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("not painted after a minute")), 60_000)
    let seen = false
    const look = async () => {
        if (seen || !holds()) return
        seen = true
        callback.disconnect()
        await Promise.all([...document.images].map((image) => image.decode().catch(() => {})))
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
    }
    const callback = new MutationObserver(look)
    callback.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
    const everyFrame = () => { look(); if (!seen) requestAnimationFrame(everyFrame) }
    everyFrame()
})"""


def since_navigation(page: Page, holds: str) -> tuple[float, float]:
    """Return when `holds`, a JavaScript condition, is painted: milliseconds since the navigation, and since 1970."""
    painted = page.evaluate(f"({_PAINTED})(() => {holds})")
    return painted, page.evaluate("performance.timeOrigin") + painted


def since_event(page: Page, event: str, act: Callable[[], None], holds: str) -> float:
    """Return the milliseconds from the first `event`, which `act` causes, to the frame that shows `holds`."""
    page.evaluate(
        f"""() => {{
            let happened
            addEventListener({json.dumps(event)}, (event) => happened = event.timeStamp, {{once: true, capture: true}})
            const holds = () => happened !== undefined && ({holds})
            window.painted = ({_PAINTED})(holds).then((painted) => painted - happened)
        }}"""
    )
    act()
    return page.evaluate("window.painted")
