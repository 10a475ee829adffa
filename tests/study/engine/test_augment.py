"""Distortions by what they do to simple images, and by the statistics of their strengths."""

import numpy as np
import pytest
import tensorflow as tf

from study.config import config_from_params
from study.data.values import About
from study.engine.augment import distort, elastic_field
from study.engine.randomness import StepRandom, step_key
from study.engine.scalars import named_scalars, scalar_vector
from study.engine.structure import structure_of

SIZE = 29
IMAGES = 600


def distorted(images: np.ndarray, step: int = 0, **params) -> np.ndarray:
    shape = images.shape[1:]
    about = About("images", shape, ("a", "b"), 1.0, "0" * 64, 0)
    config = config_from_params(params)
    structure = structure_of(config, about, "float32")
    random = StepRandom(tf.constant(step_key(1)), tf.constant(step, tf.int64))
    flat = tf.constant(images.reshape(len(images), -1).astype(np.float32))
    found = distort(structure, flat, named_scalars(scalar_vector(config, 1.0)), random)
    return found.numpy().reshape(images.shape)


def blobs(wide: float, high: float) -> np.ndarray:
    """The same Gaussian blob, with its standard deviations in pixels, IMAGES times."""
    at = np.arange(SIZE) - SIZE // 2
    blob = np.exp(-0.5 * ((at[None, :] / wide) ** 2 + (at[:, None] / high) ** 2))
    return np.repeat(blob[None], IMAGES, axis=0)


def moments(images: np.ndarray) -> tuple[np.ndarray, ...]:
    """Centre (x, y) and covariances (xx, yy, xy) of each image's brightness."""
    at = np.arange(SIZE) - SIZE // 2
    weight = images / images.sum(axis=(1, 2), keepdims=True)
    x, y = np.meshgrid(at, at)
    mx, my = (np.sum(weight * v, axis=(1, 2)) for v in (x, y))
    dx, dy = x - mx[:, None, None], y - my[:, None, None]
    spread = (np.sum(weight * a * b, axis=(1, 2)) for a, b in ((dx, dx), (dy, dy), (dx, dy)))
    return mx, my, *spread


def is_even(values: np.ndarray, limit: float) -> None:
    """The values fill -limit..limit evenly: range, mean and deviation, 600 of them."""
    assert np.abs(values).max() <= limit * 1.03
    assert np.abs(values).max() > limit * 0.95
    assert values.mean() == pytest.approx(0.0, abs=0.1 * limit)
    assert values.std() == pytest.approx(limit / np.sqrt(3), rel=0.08)


def test_the_smallest_strengths_change_nothing():
    images = np.random.default_rng(0).random((5, 8, 11))
    found = distorted(images, shift=1e-6, rotation=1e-6, scale=1e-6, shear=1e-6, elastic=1e-6)
    np.testing.assert_allclose(found, images, atol=2e-5)


def test_shifts_are_even_along_both_axes_and_independent():
    mx, my, *_ = moments(distorted(blobs(2, 2), shift=3.0))
    is_even(mx, 3.0)
    is_even(my, 3.0)
    assert abs(np.corrcoef(mx, my)[0, 1]) < 0.12


def test_rotations_are_even_and_keep_the_brightness():
    bars = blobs(4.0, 1.5)
    found = distorted(bars, rotation=30.0)
    _, _, xx, yy, xy = moments(found)
    is_even(np.degrees(np.arctan2(2 * xy, xx - yy) / 2), 30.0)
    np.testing.assert_allclose(found.sum(axis=(1, 2)), bars.sum(axis=(1, 2)), rtol=0.03)


def test_sizes_change_evenly_on_each_axis_of_its_own():
    _, _, xx, yy, xy = moments(distorted(blobs(3.0, 3.0), scale=0.2))
    wide, high = np.sqrt(xx) / 3 - 1, np.sqrt(yy) / 3 - 1
    assert wide.std() == pytest.approx(0.2 / np.sqrt(3), rel=0.1)
    assert high.std() == pytest.approx(0.2 / np.sqrt(3), rel=0.1)
    assert abs(np.corrcoef(wide, high)[0, 1]) < 0.12
    assert np.abs(xy).max() < 0.1


def test_shear_slants_by_an_even_angle():
    _, _, xx, yy, xy = moments(distorted(blobs(1.5, 3.0), shear=25.0))
    is_even(np.degrees(np.arctan(xy / yy)), 25.0)
    assert xx.min() > 1.5**2 * 0.95


def test_what_comes_from_outside_is_0():
    found = distorted(np.ones((50, 9, 9)), shift=8.0)
    assert found.min() == 0.0
    assert found.max() == pytest.approx(1.0, abs=1e-5)


def test_every_image_and_step_has_a_distortion_of_its_own():
    image = np.random.default_rng(0).random((1, 8, 8))
    first = distorted(np.repeat(image, 3, axis=0), rotation=20.0)
    second = distorted(np.repeat(image, 3, axis=0), step=1, rotation=20.0)
    six = [found.tobytes() for found in (*first, *second)]
    assert len(set(six)) == 6
    again = distorted(np.repeat(image, 3, axis=0), rotation=20.0)
    np.testing.assert_array_equal(first, again)


def test_colours_move_together():
    grey = np.random.default_rng(0).random((4, 9, 9, 1))
    colour = distorted(np.repeat(grey, 3, axis=3), rotation=20.0, elastic=1.0)
    plain = distorted(grey[..., 0], rotation=20.0, elastic=1.0)
    for channel in range(3):
        np.testing.assert_allclose(colour[..., channel], plain, atol=1e-6)


@pytest.mark.parametrize(("strength", "sigma"), [(1.5, 2.0), (0.5, 4.0)])
def test_elastic_displacements_have_their_deviation_everywhere_and_their_smoothness(
    strength, sigma
):
    config = config_from_params({"elastic": strength, "elastic_sigma": sigma})
    random = StepRandom(tf.constant(step_key(1)), tf.constant(0, tf.int64))
    scalars = named_scalars(scalar_vector(config, 1.0))
    field = elastic_field(20, 30, 2000, scalars, random).numpy().reshape(4000, 20, 30)
    deviation = field.std(axis=0)  # of 4,000 draws a pixel: standard error 1.1 %
    np.testing.assert_allclose(deviation, strength, rtol=0.06)
    np.testing.assert_allclose(field.mean(axis=0), 0.0, atol=0.07 * strength)
    # Noise smoothed by a Gaussian of sigma has a correlation of exp(-d^2 / (4 sigma^2)).
    for apart in (1, 2, 4):
        expected = np.exp(-(apart**2) / (4 * sigma**2))
        middle = field[:, 10, 15]
        assert np.corrcoef(middle, field[:, 10, 15 + apart])[0, 1] == pytest.approx(
            expected, abs=0.05
        )
        assert np.corrcoef(middle, field[:, 10 - apart, 15])[0, 1] == pytest.approx(
            expected, abs=0.05
        )


def test_elastic_displacements_along_the_axes_are_independent():
    config = config_from_params({"elastic": 1.0})
    random = StepRandom(tf.constant(step_key(1)), tf.constant(0, tf.int64))
    scalars = named_scalars(scalar_vector(config, 1.0))
    across, down = elastic_field(8, 8, 4000, scalars, random).numpy()
    assert abs(np.corrcoef(across[:, 0], down[:, 0])[0, 1]) < 0.06
