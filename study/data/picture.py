"""Read a PNG or JPEG from an untrusted place as brightness, with every limit checked first."""

import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from search_spaces.faults import fault

PIXEL_LIMIT = 10_000_000
BYTE_LIMIT = 100_000_000
_FORMATS = ("PNG", "JPEG")
# What Pillow raises for broken files; it promises no single type.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, TypeError, struct.error, zlib.error)


def read_picture(path: Path, *, colour: bool) -> NDArray[np.float32]:
    """Return brightness 0-1 of shape (height, width), or (height, width, 3) for colour.

    A photo's orientation mark is obeyed; colours turn to grey by ITU-R 601 luma; 16 bits a pixel
    keep their depth; transparent areas become white behind a dark drawing and black behind a
    bright one. Raises FaultError for a file that is too large, broken, animated or neither PNG
    nor JPEG.
    """
    check_regular_file(path)
    with warnings.catch_warnings():
        # Pillow warns of large images; they are refused below with a message of ours.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=_FORMATS) as image:
                _check_kind(path, image)
                image.load()
                return _brightness(ImageOps.exif_transpose(image), colour=colour)
        except Image.DecompressionBombError as error:
            raise _too_large(path, "over 170 million pixels") from error
        except _BROKEN as error:
            unknown = isinstance(error, UnidentifiedImageError)
            raise fault(
                str(path),
                "no readable image",
                "an unknown form of file" if unknown else error,
                "an undamaged PNG or JPEG, or a .npy array",
            ) from error


def check_regular_file(path: Path) -> None:
    """Raise FaultError unless the path is a regular file of at most 100 million bytes."""
    if not path.exists():
        raise fault(str(path), "no such file")
    if not path.is_file():
        raise fault(str(path), "not a regular file")
    size = path.stat().st_size
    if size > BYTE_LIMIT:
        raise fault(str(path), "file too large", f"{size:,} bytes", f"{BYTE_LIMIT:,} at most")


def _check_kind(path: Path, image: Image.Image) -> None:
    width, height = image.size
    if width * height >= PIXEL_LIMIT:
        raise _too_large(path, f"{width} x {height} = {width * height:,} pixels")
    # A JPEG with several pictures is a photo with its previews: the first one is meant.
    if image.format == "PNG" and getattr(image, "n_frames", 1) > 1:
        raise fault(str(path), "animated image", f"{image.n_frames} frames", "one still image")  # type: ignore[attr-defined]


def _too_large(path: Path, got: str) -> Exception:
    return fault(str(path), "image too large", got, f"fewer than {PIXEL_LIMIT:,} pixels")


def _brightness(image: Image.Image, *, colour: bool) -> NDArray[np.float32]:
    if image.mode.startswith("I"):
        grey = np.asarray(image, np.float32) / np.float32(65535)
        return np.repeat(grey[..., None], 3, axis=2) if colour else grey
    mode = "RGB" if colour else "L"
    if not image.has_transparency_data:
        return _unit(image.convert(mode))
    with_alpha = image.convert("RGBA")
    values = _unit(with_alpha.convert("RGB").convert(mode))
    alpha = _unit(with_alpha.getchannel("A"))
    return _on_paper(values, alpha[..., None] if colour else alpha)


def _unit(image: Image.Image) -> NDArray[np.float32]:
    return np.asarray(image, np.float32) / np.float32(255)


def _on_paper(values: NDArray[np.float32], alpha: NDArray[np.float32]) -> NDArray[np.float32]:
    weight = np.broadcast_to(alpha, values.shape)
    dark_drawing = float((values * weight).sum()) < 0.5 * float(weight.sum())
    paper = np.float32(1.0 if dark_drawing else 0.0)
    return values * alpha + paper * (1 - alpha)
