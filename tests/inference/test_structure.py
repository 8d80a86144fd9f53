"""The parts of a picture's file, found without decoding."""

import pytest
from PIL import Image

from fmnist.inference.structure import SCAN, parts
from testing.bombs import flat_webp, frames, piece, png_with, scans, segments
from testing.photographs import file_of

GREY = Image.new("L", (40, 30), 9)


def test_the_chunks_of_a_png_end_with_its_end():
    content = file_of(GREY, "PNG")

    assert list(parts(content)) == [b"IHDR", b"IDAT", b"IEND"]
    assert list(parts(content + content)) == [b"IHDR", b"IDAT", b"IEND"]


def test_the_chunks_of_a_webp_are_its_frames_too():
    assert list(parts(flat_webp(7745))) == [b"VP8L"]
    assert list(parts(frames("WEBP", 7))).count(b"ANMF") == 7


@pytest.mark.parametrize(("options", "number"), [({}, 1), ({"progressive": True}, 6)])
def test_the_scans_of_a_jpeg_are_those_of_the_picture_itself(options, number):
    thumbnail = file_of(GREY, progressive=True)
    content = file_of(GREY, exif=b"Exif\0\0" + thumbnail, **options)
    film_after_it = content + thumbnail * 20

    assert thumbnail in content
    assert list(parts(content)).count(SCAN) == list(parts(film_after_it)).count(SCAN) == number


def test_scans_are_found_where_the_pixels_are_not_what_they_should_be():
    content = scans(50)
    broken = content[:-2] + b"\xff\x00\xff\xd0\xff\xff\xff" + content[content.rindex(b"\xff\xda") + 1 :]

    assert list(parts(content)).count(SCAN) == 60
    assert list(parts(broken)).count(SCAN) == 61


def test_what_is_skipped_byte_by_byte_counts_as_that_many_parts():
    whole = file_of(piece())

    assert len(list(parts(segments(5_000)))) == 5_000 + len(list(parts(whole)))
    assert len(list(parts(whole[:2] + b"\0" * 300 + whole[2:]))) == 300 + len(list(parts(whole)))


@pytest.mark.parametrize("content", [b"", b"RIFF", b"\xff\xd8", b"\x89PNG\r\n\x1a\n\0\0", b"GIF89a", b"letter"])
def test_what_is_no_picture_has_no_parts(content):
    assert list(parts(content)) == []


@pytest.mark.parametrize("content", [png_with(b""), scans(1), frames("WEBP", 3)], ids=["PNG", "JPEG", "WebP"])
def test_a_file_that_is_cut_off_anywhere_has_the_parts_that_are_left(content):
    whole = list(parts(content))

    for length in range(0, len(content), 7):
        left = list(parts(content[:length]))
        assert left == whole[: len(left)]
