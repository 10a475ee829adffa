"""Bring a picture of any size and polarity to the form of a network's training images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True)
class Frame:
    """The form of the training images: height and width, channels, and a bright or dark border."""

    height: int
    width: int
    channels: int
    bright_background: bool


def frame_of(image_shape: tuple[int, ...], *, bright_background: bool) -> Frame | None:
    """Return the frame of training images of this shape, None where they are no images."""
    match image_shape:
        case (height, width) | (height, width, 1):
            return Frame(height, width, 1, bright_background)
        case (height, width, 3):
            return Frame(height, width, 3, bright_background)
    return None


def has_bright_border(values: NDArray[np.float32]) -> bool:
    """Tell whether the median of an image's outermost pixels is above half of full brightness.

    Shape: (height, width).
    """
    edges = (values[0], values[-1], values[1:-1, 0], values[1:-1, -1])
    return float(np.median(np.concatenate(edges))) > 0.5


def fit_frame(values: NDArray[np.float32], frame: Frame) -> NDArray[np.float32]:
    """Return brightness 0-1, flat (features,), as the network was trained on it.

    Grey images are inverted where their border is bright and the training images' is dark, or the
    other way round; colours stay. The image is scaled by area averaging as large as it fits,
    keeping its aspect, centred, and padded with the training images' background.
    Shape in: (height, width), or (height, width, 3) where the frame has three channels.
    """
    if frame.channels == 1 and has_bright_border(values) != frame.bright_background:
        values = 1 - values
    planes = values[..., None] if values.ndim == 2 else values
    fitted = [_fit_plane(planes[..., channel], frame) for channel in range(planes.shape[2])]
    return np.stack(fitted, axis=-1).reshape(-1)


def _fit_plane(plane: NDArray[np.float32], frame: Frame) -> NDArray[np.float32]:
    height, width = plane.shape
    scale = min(frame.height / height, frame.width / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # Pillow takes sizes as (width, height); mode F keeps float32, BOX is area averaging.
    scaled = np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BOX))
    canvas = np.full((frame.height, frame.width), float(frame.bright_background), np.float32)
    top, left = (frame.height - size[1]) // 2, (frame.width - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = scaled
    return canvas
