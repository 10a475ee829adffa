import numpy as np
import pytest

from study.bundle.framing import Frame, fit_frame, frame_of, has_bright_border

DARK = Frame(4, 4, 1, bright_background=False)


def _drawing(height: int, width: int, paper: float, ink: float) -> np.ndarray:
    values = np.full((height, width), paper, np.float32)
    values[height // 4 : -height // 4, width // 4 : -width // 4] = ink
    return values


def test_a_picture_in_the_frame_s_form_is_left_as_it_is() -> None:
    values = _drawing(4, 4, 0.1, 0.8)

    np.testing.assert_array_equal(fit_frame(values, DARK), values.reshape(-1))


def test_dark_on_bright_becomes_bright_on_dark_for_mnist_and_not_the_other_way() -> None:
    bright, dark = _drawing(8, 8, 1.0, 0.0), _drawing(8, 8, 0.0, 1.0)
    bright_frame = Frame(4, 4, 1, bright_background=True)

    np.testing.assert_array_equal(fit_frame(bright, DARK), fit_frame(dark, DARK))
    np.testing.assert_array_equal(fit_frame(dark, bright_frame), fit_frame(bright, bright_frame))
    assert fit_frame(bright, DARK)[0] == 0
    assert fit_frame(dark, bright_frame)[0] == 1


@pytest.mark.parametrize("paper", [0.0, 1.0])
def test_a_wide_picture_keeps_its_aspect_and_is_padded_with_background(paper: float) -> None:
    wide = _drawing(4, 8, paper, 1 - paper)

    fitted = fit_frame(wide, DARK).reshape(4, 4)

    assert fitted[0].tolist() == fitted[3].tolist() == [0, 0, 0, 0]
    assert fitted[1:3].max() > 0.4


def test_scaling_averages_areas() -> None:
    checkered = np.indices((8, 8)).sum(axis=0) % 2

    fitted = fit_frame(checkered.astype(np.float32), DARK)

    np.testing.assert_allclose(fitted, 0.5)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (2, 3), (1000, 7)])
def test_every_shape_fits(shape: tuple[int, int]) -> None:
    fitted = fit_frame(np.full(shape, 0.25, np.float32), DARK)

    assert fitted.shape == (16,)
    assert fitted.max() == pytest.approx(0.25)
    assert fitted.min() >= 0


def test_colour_pictures_keep_their_channels_and_are_never_inverted() -> None:
    frame = Frame(2, 2, 3, bright_background=False)
    red = np.zeros((4, 4, 3), np.float32)
    red[..., 0] = 1

    assert fit_frame(red, frame).reshape(2, 2, 3)[1, 1].tolist() == [1, 0, 0]


def test_the_border_counts_by_its_median() -> None:
    values = np.zeros((5, 5), np.float32)
    values[0] = 1
    assert not has_bright_border(values)
    values[-1] = 1
    assert has_bright_border(values)


@pytest.mark.parametrize(
    ("shape", "frame"),
    [
        ((28, 20), Frame(28, 20, 1, bright_background=True)),
        ((28, 20, 1), Frame(28, 20, 1, bright_background=True)),
        ((8, 9, 3), Frame(8, 9, 3, bright_background=True)),
        ((30,), None),
        ((8, 9, 4), None),
        ((), None),
    ],
)
def test_only_image_shapes_have_a_frame(shape: tuple[int, ...], frame: Frame | None) -> None:
    assert frame_of(shape, bright_background=True) == frame
