"""From any file to pixels: what is decoded, and what is refused before."""

import random
import struct
from threading import Thread

import numpy as np
import pytest
from PIL import Image

from fmnist.errors import InvalidPicture
from fmnist.inference import reader
from fmnist.inference.preprocessing import preprocess
from fmnist.inference.reader import FROM_DISK, FROM_PAGE, MAX_PARTS, WORKED_ON, read
from testing.bombs import (
    chunk,
    flat_webp,
    frames,
    gif_comments,
    notes,
    piece,
    png,
    png_with,
    rle_bmp,
    scans,
    segments,
    zipped,
)
from testing.corpus import good
from testing.photographs import file_of


def test_pixels_are_red_green_blue_and_alpha_and_no_larger_than_is_worked_on():
    pixels = read(file_of(piece(700), "PNG"), FROM_DISK)

    assert (pixels.shape, pixels.dtype) == ((WORKED_ON, WORKED_ON, 4), np.uint8)
    assert (pixels[..., 3] == 255).all()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_an_animation_is_its_first_frame(kind):
    pixels = read(frames(kind, 20), FROM_PAGE)

    assert pixels.shape == (40, 40, 4)
    assert (pixels == (0, 0, 0, 255)).all()


@pytest.mark.parametrize("size", [(60, 40), (600, 400)], ids=["small", "made small"])
def test_greys_of_sixteen_bits_are_scaled_to_eight(size):
    across = np.linspace(0, 65_535, size[0]).astype(np.uint16)
    pixels = read(file_of(Image.fromarray(np.tile(across, (size[1], 1))), "PNG"), FROM_DISK)
    eight = read(file_of(Image.fromarray(np.tile(np.uint8(across >> 8), (size[1], 1))), "PNG"), FROM_DISK)

    assert np.abs(pixels.astype(int) - eight).max() <= 1
    assert pixels[0, 0, 0] < 5 and pixels[0, -1, 0] > 250


def transparent(depth, colors, key, grey):
    """A PNG of which the left half has the colour that is transparent."""
    values = 3 if colors == 2 else 1
    bits = "".join(f"{key if column < 20 else grey:0{depth}b}" * values for column in range(40))
    row = b"\0" + int(bits, 2).to_bytes(len(bits) // 8)
    return png(40, 40, depth, colors, row * 40, extra=chunk(b"tRNS", struct.pack(">H", key) * values))


@pytest.mark.parametrize(
    ("depth", "colors"), [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2)],
    ids=["1 bit", "2 bits", "4 bits", "8 bits", "16 bits", "24 bits", "48 bits"],
)  # fmt: skip
@pytest.mark.parametrize("share", [0, 0.7, 1])
def test_a_color_that_is_transparent_is_so_at_every_depth(depth, colors, share):
    most = 2**depth - 1
    key = round(most * share)
    pixels = read(transparent(depth, colors, key, grey=most - key), FROM_PAGE)

    assert (pixels[:, :20, 3] == 0).all()
    assert (pixels[:, 20:, 3] == 255).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_alpha_is_kept(mode, kind):
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((90, 90, 90, 255), (10, 10, 30, 30))
    if mode == "LA" and kind == "GIF":
        picture = picture.convert("LA").convert("RGBA")
    pixels = read(file_of(picture.convert(mode) if kind != "GIF" else picture, kind, lossless=True), FROM_PAGE)

    assert (pixels[10:30, 10:30] == (90, 90, 90, 255)).all()
    assert pixels[..., 3].sum() == 255 * 400


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_upright_however_the_camera_was_held(kind, orientation):
    upright = np.asarray(piece(90).crop((0, 0, 90, 60)).convert("RGBA"))
    turn = {
        1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1), 6: lambda a: np.rot90(a, 1), 7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
        8: lambda a: np.rot90(a, -1),
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(turn[orientation](upright)[..., :3]))
    pixels = read(file_of(stored, kind, exif=exif, **({"quality": 95} if kind != "PNG" else {})), FROM_PAGE)

    assert pixels.shape == upright.shape
    assert np.abs(pixels.astype(int) - upright).mean() < 3


def test_a_shirt_looks_the_same_in_every_kind_of_file():
    files = {name: content for name, content in good() if "(" not in name and "orientation" not in name}
    del files["PNG with notes"]  # another piece
    assert len(files) > 35
    expected = preprocess(files["PNG RGB"]).astype(int)
    for name, content in files.items():
        assert np.abs(preprocess(content, FROM_PAGE) - expected).mean() < 1.5, name


def test_damaged_notes_about_a_picture_leave_its_pixels_as_they_are():
    for exif in (b"Exif\0\0letter", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(90)):
        plain, noted = (read(file_of(piece(), **options), FROM_PAGE) for options in ({}, {"exif": exif}))
        assert (plain == noted).all()


@pytest.mark.parametrize("content", [b"", b"no picture", file_of(piece(), "PNG")[:60], file_of(piece())[:900]], ids=len)
def test_a_file_without_a_picture_is_refused(content):
    with pytest.raises(InvalidPicture, match="no picture that can be read"):
        read(content, FROM_DISK)


def test_a_damaged_file_is_read_or_refused_and_nothing_else():
    damaged = random.Random(0)
    for kind in reader.FORMATS:
        whole = file_of(piece(40).convert("P"), kind) if kind != "JPEG" else file_of(piece(40))
        for _ in range(60):
            content = bytearray(whole)
            for _ in range(3):
                content[damaged.randrange(8, min(400, len(content)))] = damaged.choice((0, 1, 128, 255))
            try:
                assert read(bytes(content), FROM_PAGE).dtype == np.uint8
            except InvalidPicture as refusal:
                assert str(refusal)


@pytest.mark.parametrize("limits", [FROM_PAGE, FROM_DISK], ids=["page", "disk"])
@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True}), ("GIF", {})])
def test_more_pixels_than_are_decoded_are_refused_by_the_header(limits, kind, options):
    side = int(limits.pixels**0.5) + 100
    content = file_of(Image.new("1", (side, side)), kind, **options) if kind != "WEBP" else flat_webp(side)
    with pytest.raises(InvalidPicture, match=f"{side:,} × {side:,} pixels"):
        read(content, limits)


@pytest.mark.parametrize("side", [10_000, 16_383])
def test_more_pixels_than_pillow_opens_are_refused_without_a_warning(side):
    with pytest.raises(InvalidPicture, match="pixels; choose"):
        read(flat_webp(side), FROM_DISK)


def test_one_column_of_pixels_is_no_picture():
    with pytest.raises(InvalidPicture, match="1 × 1,000,000 pixels"):
        read(file_of(Image.new("1", (1, 1_000_000)), "PNG"), FROM_PAGE)


@pytest.mark.parametrize(
    "content", [png_with(chunk(b"teXt") * 6_000), png_with(chunk(b"IDAT") * 6_000), segments(6_000),
                file_of(piece())[:2] + bytes(6_000) + file_of(piece())[2:]],
    ids=["texts", "pixels", "segments", "bytes between them"],
)  # fmt: skip
def test_many_parts_are_refused_before_they_are_read(content):
    with pytest.raises(InvalidPicture, match=f"more than {MAX_PARTS:,} parts"):
        read(content, FROM_DISK)


def test_many_bytes_are_refused_before_they_are_read():
    with pytest.raises(InvalidPicture, match="more than 300,000 bytes"):
        read(file_of(piece()) + bytes(FROM_PAGE.size), FROM_PAGE)
    for content in (gif_comments(300_000), rle_bmp(2_000_000)):
        with pytest.raises(InvalidPicture, match="more than 1,000,000 bytes"):
            read(content, FROM_DISK)


def test_many_scans_are_refused_before_they_are_decoded():
    assert read(scans(0), FROM_PAGE).any()
    assert read(scans(200, side=200), FROM_PAGE).any()
    with pytest.raises(InvalidPicture, match="made of 60 scans"):
        read(scans(50), FROM_PAGE)


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
def test_what_a_png_says_beside_its_pixels_is_not_unpacked_without_a_limit(kind):
    with pytest.raises(InvalidPicture):
        read(png_with(chunk(kind, zipped(30_000_000))), FROM_DISK)
    with pytest.raises(InvalidPicture):
        read(png_with(chunk(b"zTXt", zipped(1_000_000)) * 6), FROM_DISK)
    assert read(notes(500), FROM_PAGE).any()


@pytest.mark.parametrize("error", [MemoryError, Image.DecompressionBombError, RecursionError])
def test_whatever_decoding_ends_in_is_a_refusal(monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(Image, "open", fail)
    with pytest.raises(InvalidPicture) as refused:
        read(file_of(piece()), FROM_PAGE)
    assert ("memory" in str(refused.value)) == (error is MemoryError)


def test_pictures_are_decoded_one_at_a_time(monkeypatch):
    decode, now, most = reader._decode, [], []

    def watched(*arguments):
        now.append(1)
        most.append(len(now))
        pixels = decode(*arguments)
        now.pop()
        return pixels

    monkeypatch.setattr(reader, "_decode", watched)
    content, answers = file_of(piece(900)), []
    threads = [Thread(target=lambda: answers.append(read(content, FROM_PAGE))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1] * 12
    assert len(answers) == 12


def test_who_waits_too_long_is_told_so(monkeypatch):
    monkeypatch.setattr(reader, "DECODE_TIMEOUT", 0.01)
    with reader._DECODING, pytest.raises(InvalidPicture, match="Other pictures are being read"):
        read(file_of(piece()), FROM_PAGE)
