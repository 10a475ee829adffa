import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from search_spaces.faults import FaultError
from study.data.picture import read_picture

RAMP = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5


def _png(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def _refusal(path: Path) -> str:
    with pytest.raises(FaultError) as error:
        read_picture(path, colour=False)
    return str(error.value).replace(str(path.parent), "HERE")


def test_a_grey_png_comes_back_exactly(tmp_path: Path) -> None:
    Image.fromarray(RAMP).save(tmp_path / "a.png")

    values = read_picture(tmp_path / "a.png", colour=False)

    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, RAMP.astype(np.float32) / 255)


def test_sixteen_bits_keep_their_depth(tmp_path: Path) -> None:
    deep = np.array([[0, 1, 300], [40_000, 65_534, 65_535]], np.uint16)
    Image.fromarray(deep).save(tmp_path / "a.png")

    values = read_picture(tmp_path / "a.png", colour=False)

    np.testing.assert_allclose(values, deep / 65535, rtol=1e-6)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_png_mode_of_one_grey_picture_reads_alike(tmp_path: Path, mode: str) -> None:
    black_and_white = Image.fromarray(np.where(RAMP > 100, 255, 0).astype(np.uint8))
    black_and_white.convert(mode).save(tmp_path / "a.png")

    values = read_picture(tmp_path / "a.png", colour=False)

    np.testing.assert_array_equal(values, np.where(RAMP > 100, 1, 0))


@pytest.mark.parametrize(("ink", "paper"), [(0, 1.0), (255, 0.0)])
def test_transparent_areas_become_paper_of_the_other_brightness(
    tmp_path: Path, ink: int, paper: float
) -> None:
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[1:3, 1:3] = (ink, ink, ink, 255)
    Image.fromarray(pixels, "RGBA").save(tmp_path / "a.png")

    values = read_picture(tmp_path / "a.png", colour=False)

    assert values[0, 0] == paper
    assert values[1, 1] == ink / 255


def test_colours_turn_to_grey_by_luma_or_stay(tmp_path: Path) -> None:
    Image.new("RGB", (3, 2), (255, 0, 0)).save(tmp_path / "a.png")

    assert read_picture(tmp_path / "a.png", colour=False)[0, 0] == pytest.approx(0.299, abs=0.003)
    assert read_picture(tmp_path / "a.png", colour=True)[0, 0].tolist() == [1, 0, 0]


def test_a_photo_is_turned_upright(tmp_path: Path) -> None:
    image = Image.fromarray(np.repeat(np.array([[0, 255]], np.uint8), 16, axis=1).repeat(8, axis=0))
    turned = Image.Exif()
    turned[0x0112] = 3
    image.save(tmp_path / "a.jpg", exif=turned)

    values = read_picture(tmp_path / "a.jpg", colour=False)

    assert values[:, :12].min() > 0.9
    assert values[:, 20:].max() < 0.1


def test_jpeg_in_cmyk_is_read(tmp_path: Path) -> None:
    Image.new("CMYK", (8, 8), (0, 0, 0, 0)).save(tmp_path / "a.jpg")

    assert read_picture(tmp_path / "a.jpg", colour=False).min() > 0.9


def test_ten_million_pixels_are_refused_and_one_row_fewer_is_read(tmp_path: Path) -> None:
    Image.new("1", (4000, 2500)).save(tmp_path / "large.png")
    Image.new("1", (4000, 2499)).save(tmp_path / "allowed.png")

    assert _refusal(tmp_path / "large.png") == (
        "HERE/large.png: image too large; got 4000 x 2500 = 10,000,000 pixels; "
        "allowed: fewer than 10,000,000 pixels"
    )
    assert read_picture(tmp_path / "allowed.png", colour=False).shape == (2499, 4000)


@pytest.mark.parametrize("side", [12_000, 50_000])
def test_a_decompression_bomb_is_refused_unread(tmp_path: Path, side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + body)

    assert _refusal(tmp_path / "bomb.png").startswith("HERE/bomb.png: image too large; got ")


def test_an_animation_is_refused(tmp_path: Path) -> None:
    frames = [Image.new("L", (4, 4), level) for level in (0, 100, 200)]
    frames[0].save(tmp_path / "a.png", save_all=True, append_images=frames[1:])

    assert _refusal(tmp_path / "a.png") == (
        "HERE/a.png: animated image; got 3 frames; allowed: one still image"
    )


def test_what_is_no_image_file_is_named(tmp_path: Path) -> None:
    whole = _png(Image.fromarray(RAMP))
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.png").write_text("not an image")
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    Image.fromarray(RAMP).save(tmp_path / "other.png", "GIF")
    for name in ("empty.png", "text.png", "cut.png", "other.png"):
        message = _refusal(tmp_path / name)
        assert message.startswith(f"HERE/{name}: no readable image; got ")
        assert message.endswith("; allowed: an undamaged PNG or JPEG, or a .npy array")
    assert _refusal(tmp_path / "absent.png") == "HERE/absent.png: no such file"
    (tmp_path / "folder.png").mkdir()
    assert _refusal(tmp_path / "folder.png") == "HERE/folder.png: not a regular file"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), kind=st.sampled_from(["PNG", "JPEG"]))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path: Path, data: st.DataObject, kind: str
) -> None:
    file = io.BytesIO()
    Image.fromarray(RAMP).save(file, kind)
    content = bytearray(file.getvalue())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged"
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))

    try:
        values = read_picture(path, colour=False)
    except FaultError as error:
        assert str(error).startswith(f"{path}: ")  # noqa: PT017 both outcomes are right
    else:
        assert values.ndim == 2
