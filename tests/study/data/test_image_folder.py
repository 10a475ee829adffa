"""A folder of images becomes a data set: its folders are the classes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.faults import FaultError
from study.data.arrays import WholeData
from study.data.own_data import read_own_data

LIMIT = 50_000_000
Save = Callable[..., None]


def read(folder: Path, options: DataOptions = AS_IT_IS, limit: int = LIMIT) -> WholeData:
    return read_own_data(folder, options, limit)


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Return what saves an image of one grey or colour as NAME below a new folder."""

    def saved(name: str, colour: int | tuple[int, ...], size: tuple[int, int] = (4, 3)) -> None:
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L" if isinstance(colour, int) else "RGB", size, colour).save(path)

    return saved


def test_each_folder_is_a_class_and_a_fifth_is_cut_off(save: Save, tmp_path: Path) -> None:
    for place in range(10):
        save(f"cat/{place}.png", place)
        save(f"dog/{place}.png", 100 + place)
    whole = read(tmp_path / "set")
    assert (whole.classes, whole.image_shape, whole.full_scale) == (("cat", "dog"), (3, 4), 255.0)
    assert (whole.train.n, whole.test.n) == (16, 4)
    assert whole.notes == ("4 of 20 images are the test split",)
    for part in (whole.train, whole.test):
        assert part.inputs.dtype == np.uint8
        np.testing.assert_array_equal(part.labels, part.inputs[:, 0] >= 100)
    assert np.bincount(whole.test.labels).tolist() == [2, 2]


def test_given_splits_are_kept_and_validation_images_are_trained_on(
    save: Save, tmp_path: Path
) -> None:
    for split, colours in (("Train", (1, 2)), ("val", (3,)), ("test", (4, 5, 6))):
        for colour in colours:
            save(f"{split}/a/{colour}.png", colour)
            save(f"{split}/b/{colour}.png", colour + 100)
    whole = read(tmp_path / "set")
    assert sorted(whole.train.inputs[:, 0].tolist()) == [1, 2, 3, 101, 102, 103]
    assert sorted(whole.test.inputs[:, 0].tolist()) == [4, 5, 6, 104, 105, 106]
    assert whole.notes == ()


def test_images_of_several_sizes_get_one_and_one_colour_makes_all_coloured(
    save: Save, tmp_path: Path
) -> None:
    for place in range(5):
        save(f"a/{place}.png", (200, 0, 0), (100, 50))
        save(f"b/{place}.jpg", 50, (200, 100))
    whole = read(tmp_path / "set", DataOptions(test_share=0.4))
    assert whole.image_shape == (32, 64, 3)
    assert whole.notes[-1] == "images of 2 sizes are resized to 32 x 64"
    red = whole.train.inputs[whole.train.labels == 0].reshape(-1, 3)
    assert set(map(tuple, red.tolist())) == {(200, 0, 0)}


def test_grey_images_that_are_kept_as_coloured_are_grey(save: Save, tmp_path: Path) -> None:
    for place in range(5):
        save(f"a/{place}.png", (9, 9, 9))
        save(f"b/{place}.png", (place, place, place))
    whole = read(tmp_path / "set")
    assert whole.image_shape == (3, 4)
    assert whole.notes[-1] == "the colours of all images are shades of grey: they are read as grey"


def test_what_is_no_image_is_counted_and_left_out(save: Save, tmp_path: Path) -> None:
    for place in range(5):
        save(f"a/{place}.png", 1)
        save(f"b/{place}.png", 2)
    (tmp_path / "set" / "empty").mkdir()
    (tmp_path / "set" / "a" / "notes.txt").write_text("x")
    (tmp_path / "set" / "a" / ".hidden").write_text("x")
    (tmp_path / "set" / "readme.md").write_text("x")
    assert read(tmp_path / "set").notes[:2] == (
        "1 files that are no PNG or JPEG are left out",
        "folders without an image are left out: empty",
    )


def broken_image(save: Save, folder: Path) -> None:
    for place in range(4):
        save(f"a/{place}.png", 1)
        save(f"b/{place}.png", 2)
    (folder / "a" / "9.png").write_bytes(b"no image")
    cut = (folder / "b" / "0.png").read_bytes()[:40]
    (folder / "b" / "9.png").write_bytes(cut)


def one_class(save: Save, _: Path) -> None:
    save("a/1.png", 1)


def no_test(save: Save, _: Path) -> None:
    save("train/a/1.png", 1)


def unknown_class(save: Save, _: Path) -> None:
    for name in ("train/a/1", "train/b/1", "test/c/1"):
        save(f"{name}.png", 1)


def nothing(_: Save, folder: Path) -> None:
    (folder / "a").mkdir(parents=True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (broken_image, "{f}/a/9.png: no readable image; allowed: an undamaged PNG or JPEG\n"),
        (
            one_class,
            "{f}: only one class; got a; allowed: a folder for each of two classes or more",
        ),
        (no_test, "{f}: there is a folder train, and none test; allowed: both, or none"),
        (unknown_class, "{f}: classes of test images that no training image has; got c; "),
        (nothing, "{f}: this is a folder with neither images nor IDX files; allowed: class/name."),
    ],
)
def test_what_is_wrong_with_a_folder_is_reported(
    make: Callable[[Save, Path], None], message: str, save: Save, tmp_path: Path
) -> None:
    make(save, tmp_path / "set")
    with pytest.raises(FaultError) as caught:
        read(tmp_path / "set")
    assert f"{caught.value}\n".startswith(message.replace("{f}", str(tmp_path / "set")))


def test_options_without_a_meaning_and_too_many_bytes_are_reported(
    save: Save, tmp_path: Path
) -> None:
    for place in range(5):
        save(f"a/{place}.png", 1)
        save(f"b/{place}.png", 2)
    folder = tmp_path / "set"
    with pytest.raises(FaultError) as caught:
        read(folder, DataOptions(target="x", drop=("y",)))
    assert str(caught.value) == (
        f"{folder}: options that a folder of images does not take; got --target, --drop; "
        "allowed: --test-share"
    )
    with pytest.raises(FaultError) as caught:
        read(folder, limit=100)
    assert str(caught.value) == (f"{folder}: the images are too large; got 120 bytes; allowed: 100")
