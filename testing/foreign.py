"""Pictures of what is no clothing, drawn by a seed: those that the check was chosen on, and those it is judged by.

No generator, and no photograph, is in both.
"""

from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_digits, load_sample_images

from fmnist.errors import InvalidPicture
from fmnist.inference.preprocessing import preprocess
from testing.photographs import file_of

# How long a drawn picture's side is; a quarter of the patterns come as 28 × 28 greys, which nothing cuts out.
PAGE = 280
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
Random = np.random.Generator
# Draws a picture; None where it draws the greys, uint8 (28, 28), themselves.
Generator = Callable[[Random], Image.Image]


def _grey(random: Random) -> tuple[int, int]:
    """A background and a foreground that stands out from it, dark on light or light on dark."""
    light, dark = int(random.integers(150, 256)), int(random.integers(0, 110))
    return (light, dark) if random.random() < 0.7 else (dark, light)


def _drawn(random: Random, draw: Callable[[ImageDraw.ImageDraw, int], None]) -> Image.Image:
    background, foreground = _grey(random)
    page = Image.new("L", (PAGE, PAGE), background)
    draw(ImageDraw.Draw(page), foreground)
    return page


def _text(random: Random, characters: str, fonts: tuple[str, ...]) -> Image.Image:
    character = characters[random.integers(len(characters))]
    font = ImageFont.truetype(FONTS / f"{fonts[random.integers(len(fonts))]}.ttf", int(random.integers(110, 220)))
    turned = float(random.uniform(-15, 15))
    background, foreground = _grey(random)
    page = Image.new("L", (PAGE, PAGE), background)
    ImageDraw.Draw(page).text((PAGE / 2, PAGE / 2), character, fill=foreground, font=font, anchor="mm")
    return page.rotate(turned, Image.Resampling.BICUBIC, fillcolor=background)


def _piece(random: Random, pixels: np.ndarray) -> Image.Image:
    height, width = pixels.shape[:2]
    side = int(random.integers(60, min(300, height, width)))
    top, left = int(random.integers(0, height - side)), int(random.integers(0, width - side))
    return Image.fromarray(pixels[top : top + side, left : left + side])


def _pattern(random: Random, values: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Image.Image:
    """A pattern over the whole picture: `values`, 0 to 1, of coordinates along and across a random direction, 0 to 28.

    Half of the pictures are 28 × 28, half are large.
    """
    side = 28 if random.random() < 0.5 else PAGE
    down, right = np.mgrid[:side, :side] * (28 / side)
    angle = random.uniform(0, np.pi) if random.random() < 0.7 else random.choice([0, np.pi / 2])
    along, across = right * np.cos(angle) + down * np.sin(angle), down * np.cos(angle) - right * np.sin(angle)
    low, high = random.uniform(0, 0.3), random.uniform(0.6, 1)
    found = values(along, across)
    return Image.fromarray(np.round(255 * (low + (high - low) * found)).clip(0, 255).astype(np.uint8))


# Those that the check is judged by.


def digits(random: Random) -> Image.Image:
    """A digit that a person wrote, of scikit-learn's 1,797."""
    images = load_digits().images
    grey = Image.fromarray((images[random.integers(len(images))] * 255 / 16).astype(np.uint8))
    background, foreground = _grey(random)
    page = Image.new("L", (PAGE, PAGE), background)
    side = int(random.integers(120, 240))
    page.paste(foreground, (20, 20), grey.resize((side, side), Image.Resampling.BICUBIC))
    return page


def shapes(random: Random) -> Image.Image:
    """An ellipse, a rectangle or a triangle, filled."""
    corners = random.integers(20, 260, (3, 2))
    first, last = corners[:2].min(axis=0), corners[:2].max(axis=0)
    box = [*first.tolist(), *np.maximum(last, first + 30).tolist()]
    kind = random.integers(3)

    def draw(drawing: ImageDraw.ImageDraw, fill: int) -> None:
        if kind == 0:
            drawing.ellipse(box, fill=fill)
        elif kind == 1:
            drawing.rectangle(box, fill=fill)
        else:
            drawing.polygon([tuple(corner) for corner in corners.tolist()], fill=fill)

    return _drawn(random, draw)


def letters(random: Random) -> Image.Image:
    """A letter from A to Z."""
    return _text(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif"))


def pieces(random: Random) -> Image.Image:
    """A square of a photograph of a temple or of a flower."""
    images = load_sample_images().images
    return _piece(random, images[random.integers(len(images))])


def stripes(random: Random) -> Image.Image:
    """Parallel stripes, soft or hard."""
    period, phase, hard = random.uniform(2, 14), random.uniform(0, 2 * np.pi), random.random() < 0.5

    def values(along: np.ndarray, _across: np.ndarray) -> np.ndarray:
        wave = np.sin(2 * np.pi * along / period + phase)
        return (wave > 0).astype(float) if hard else (wave + 1) / 2

    return _pattern(random, values)


def checks(random: Random) -> Image.Image:
    """A chessboard."""
    side = random.uniform(1.5, 9)
    return _pattern(random, lambda along, across: (np.floor(along / side) + np.floor(across / side)) % 2)


def gradients(random: Random) -> Image.Image:
    """From dark to light across the picture."""
    power = random.uniform(0.6, 1.6)

    def values(along: np.ndarray, _across: np.ndarray) -> np.ndarray:
        return ((along - along.min()) / (along.max() - along.min())) ** power

    return _pattern(random, values)


def noise(scale: int) -> Generator:
    """Independent greys, each `scale` of 28 pixels wide."""

    def draw(random: Random) -> Image.Image:
        cells = -(-28 // scale)
        greys = random.integers(0, 256, (cells, cells), dtype=np.uint8)
        large = np.kron(greys, np.ones((scale, scale), np.uint8))[:28, :28]
        image = Image.fromarray(large)
        return image if random.random() < 0.5 else image.resize((PAGE, PAGE), Image.Resampling.NEAREST)

    return draw


JUDGED_BY: dict[str, Generator] = {
    "digits": digits,
    "shapes": shapes,
    "letters": letters,
    "pieces of photographs": pieces,
    "stripes": stripes,
    "checks": checks,
    "gradients": gradients,
} | {f"noise, {scale} px": noise(scale) for scale in (1, 2, 4, 7)}

# Those that it was chosen on.


def printed_digits(random: Random) -> Image.Image:
    """A printed digit."""
    return _text(random, "0123456789", ("DejaVuSansMono", "STIXGeneral", "cmr10"))


def signs(random: Random) -> Image.Image:
    """A Greek letter or a sign."""
    return _text(random, "αβγδεζηθλμξπσφψωΓΔΛΞΠΣΦΨΩ?&%@#$€", ("STIXGeneral", "DejaVuSansMono-Bold"))


def stars(random: Random) -> Image.Image:
    """A star, a ring, a cross or a polygon."""
    kind, points = random.integers(4), int(random.integers(4, 9))
    turned, inner = random.uniform(0, 2 * np.pi), random.uniform(0.35, 0.7)
    stretch = random.uniform(0.5, 1)

    def draw(drawing: ImageDraw.ImageDraw, fill: int) -> None:
        if kind == 1:
            drawing.ellipse([30, 30, 250, 30 + 220 * stretch], outline=fill, width=int(80 * inner))
        elif kind == 2:
            arm = 110 * inner
            drawing.rectangle([140 - arm / 2, 30, 140 + arm / 2, 250], fill=fill)
            drawing.rectangle([30, 140 - arm / 2, 250, 140 + arm / 2], fill=fill)
        else:
            angles = turned + np.arange(2 * points) * np.pi / points
            radii = 110 * np.where(np.arange(2 * points) % 2, inner if kind == 0 else np.cos(np.pi / points), 1)
            corners = np.stack([140 + radii * np.cos(angles), 140 + stretch * radii * np.sin(angles)], axis=1)
            drawing.polygon([tuple(corner) for corner in corners.tolist()], fill=fill)

    return _drawn(random, draw)


def portrait(random: Random) -> Image.Image:
    """A square of the portrait that comes with Matplotlib."""
    with Image.open(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg") as file:
        return _piece(random, np.asarray(file.convert("RGB")))


def rings(random: Random) -> Image.Image:
    """Concentric rings, or a zigzag."""
    period, phase, zigzag = random.uniform(2, 14), random.uniform(0, 2 * np.pi), random.random() < 0.5

    def values(along: np.ndarray, across: np.ndarray) -> np.ndarray:
        way = along + 3 * np.abs((across / 5) % 2 - 1) if zigzag else np.hypot(along - 10, across - 5)
        return (np.sin(2 * np.pi * way / period + phase) + 1) / 2

    return _pattern(random, values)


def dots(random: Random) -> Image.Image:
    """Round dots in rows."""
    step, radius = random.uniform(3, 10), random.uniform(0.25, 0.45)
    return _pattern(random, lambda along, across: np.hypot(along / step % 1 - 0.5, across / step % 1 - 0.5) < radius)


def glows(random: Random) -> Image.Image:
    """A light or dark glow somewhere."""
    place, width = random.uniform(0, 28, 2), random.uniform(5, 20)
    sign = random.random() < 0.5

    def values(along: np.ndarray, across: np.ndarray) -> np.ndarray:
        glow = np.exp(-((along - place[0]) ** 2 + (across - place[1] + 10) ** 2) / (2 * width**2))
        glow = (glow - glow.min()) / (np.ptp(glow) or 1)
        return glow if sign else 1 - glow

    return _pattern(random, values)


def clouds(random: Random) -> Image.Image:
    """Noise with all scales in it, the coarse ones stronger."""
    slope = random.uniform(0, 2)

    def values(along: np.ndarray, _across: np.ndarray) -> np.ndarray:
        side = len(along)
        frequencies = np.hypot(*np.meshgrid(np.fft.fftfreq(side, 1 / 28), np.fft.fftfreq(side, 1 / 28)))
        strength = np.where((frequencies > 0) & (frequencies < 14), np.maximum(frequencies, 1) ** -slope, 0)
        cloud = np.fft.ifft2(strength * np.fft.fft2(random.normal(size=(side, side)))).real
        return (0.5 + cloud / (4 * cloud.std())).clip(0, 1)

    return _pattern(random, values)


CHOSEN_ON: dict[str, Generator] = {
    "printed digits": printed_digits,
    "Greek letters and signs": signs,
    "stars, rings, crosses, polygons": stars,
    "pieces of a portrait": portrait,
    "rings and zigzags": rings,
    "dots in rows": dots,
    "glows": glows,
    "clouds": clouds,
}


def seen(generator: Generator, seed: int, number: int) -> np.ndarray:
    """Return `number` preprocessed pictures, uint8 (number, 28, 28); refused ones are drawn again."""
    return np.stack([*islice(_all_seen(generator, np.random.default_rng(seed)), number)])


def _all_seen(generator: Generator, random: Random) -> Iterator[np.ndarray]:
    for _ in count():
        picture = generator(random)
        try:
            yield np.asarray(picture) if picture.size == (28, 28) else preprocess(file_of(picture, "PNG"))
        except InvalidPicture:
            continue
