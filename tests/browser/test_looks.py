"""Components and charts look as they were accepted; FMNIST_LOOKS=1 pytest -m "" records their pictures anew.

A picture is compared in blocks of 4 × 4 pixels, so that the smoothing of a font is no difference, but a color, a size
or a missing part is.
"""

import io
import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.thorough

FOLDER = Path(__file__).parent / "looks"
CHART = '[data-testid="stVegaLiteChart"] >> nth=0'
# Address, and the CSS selector of the part.
LOOKS = {
    "image-grid": ("data", ".grid"),
    "confusion-matrix": ("evaluate", ".matrix"),
    "reliability-diagram": ("evaluate?evaluate_view=calibration", CHART),
    "accuracy-curves": ("train", ".training .chart"),
    "map": ("evaluate?evaluate_view=map", "canvas"),
    "predict": ("predict?index=169", ".predict"),
}
BLOCK = 4
# Of a channel, of 255; and the share of the blocks that may differ by more.
TOLERANCE, MAX_SHARE = 24, 0.01
# Enlarged pixels have edges everywhere, which the screen's pixels may cut elsewhere.
MAX_SHARES = {"image-grid": 0.03}
# Pixels, down and to the right, by which a part may lie elsewhere: a page may place it between two pixels.
SHIFTS = list(itertools.product((0, -1, 1), repeat=2))


def blocks(pixels: np.ndarray) -> np.ndarray:
    """The mean colors of blocks, float (h, w, 3), of pixels (height, width, 3)."""
    height, width = (side - side % BLOCK for side in pixels.shape[:2])
    split = pixels[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    return split.mean(axis=(1, 3))


def difference(found: Image.Image, accepted: Image.Image) -> float:
    """The share of blocks that differ; 1 where the sizes do."""
    sizes = zip(found.size, accepted.size, strict=True)
    if any(abs(one - other) > BLOCK for one, other in sizes):
        return 1.0
    wanted = blocks(np.asarray(accepted.convert("RGB"), float))
    pixels = np.asarray(found.convert("RGB").resize(accepted.size), float)
    shifted = (np.roll(pixels, shift, axis=(0, 1)) for shift in SHIFTS)
    return min(float((np.abs(blocks(each) - wanted).max(axis=2) > TOLERANCE).mean()) for each in shifted)


def still(part: Locator) -> Image.Image:
    """A picture of a part of the page, when two in a row are the same."""
    before = b""
    for _look in range(40):
        shot = part.screenshot(animations="disabled")
        if shot == before:
            break
        before = shot
        part.page.wait_for_timeout(250)
    return Image.open(io.BytesIO(before))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", LOOKS)
def test_it_looks_as_accepted(visit, empty_server, tmp_path, name, theme):
    address, selector = LOOKS[name]
    page = visit(empty_server, address, color_scheme=theme)
    part = page.locator(selector)
    expect(part).to_be_visible()
    page.mouse.move(0, 0)
    page.wait_for_load_state("networkidle")
    found, accepted = still(part), FOLDER / f"{name}-{theme}.webp"
    if "FMNIST_LOOKS" in os.environ:
        found.save(accepted, quality=90)

    share = difference(found, Image.open(accepted))
    most = MAX_SHARES.get(name, MAX_SHARE)
    if share > most:
        found.save(tmp_path / "found.png")
    assert share <= most, f"compare {tmp_path / 'found.png'} with {accepted}"


@pytest.mark.parametrize("name", LOOKS)
def test_another_theme_or_a_missing_part_is_a_difference(name):
    light, dark = (Image.open(FOLDER / f"{name}-{theme}.webp").convert("RGB") for theme in ("light", "dark"))
    without = light.copy()
    without.paste(light.getpixel((0, 0)), (0, 0, light.width // 2, light.height))

    assert difference(light, light) == 0
    most = MAX_SHARES.get(name, MAX_SHARE)
    assert difference(dark, light) > most
    assert difference(without, light) > most
