"""Read a folder of images: a folder for each class, under train/ and test/ where both are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search_spaces.data_source import DataOptions
from search_spaces.faults import Fault, FaultError, fault
from study.data.arrays import WholeData
from study.data.cut import cut_test
from study.data.picture import read_picture
from study.data.values import Examples

_SUFFIXES = (".png", ".jpg", ".jpeg")
# Images for validation are training images: a study takes its validation splits itself.
_TRAIN = ("train", "training", "val", "valid", "validation")
_TEST = ("test", "testing")
# What images of several sizes are shrunk to, since a dense network has an input for each pixel.
_LONGEST_SIDE = 64
_FULL_SCALE = 255.0

Shape = tuple[int, int]
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class _Found:
    """Image files with their classes' names, and lines on what is left out."""

    files: tuple[tuple[Path, str], ...]
    notes: tuple[str, ...]


def is_image_folder(path: Path) -> bool:
    """Tell whether a folder holds folders, one of them with an image in it or in its folders."""
    inside = [one for one in path.iterdir() if one.is_dir()]
    folders = [*inside, *(two for one in inside for two in one.iterdir() if two.is_dir())]
    return any(_is_image(one) for folder in folders for one in folder.iterdir())


def read_image_folder(path: Path, options: DataOptions, limit_bytes: int, where: str) -> WholeData:
    """Read a folder of images whole; raises FaultError with every image that cannot be read.

    Training images decide on the common size, and on grey or colour.
    """
    folders = {one.name.lower(): one for one in sorted(path.iterdir()) if one.is_dir()}
    train_folders = [folders[name] for name in _TRAIN if name in folders]
    test_folders = [folders[name] for name in _TEST if name in folders]
    if bool(train_folders) != bool(test_folders):
        there, other = ("train", "test") if train_folders else ("test", "train")
        raise fault(where, f"there is a folder {there}, and none {other}", allowed="both, or none")
    train = _found(train_folders or [path], where)
    test = _found(test_folders, where) if test_folders else None
    if test is not None and options.test_share:
        what = "--test-share cuts off test images, and the folder test holds them"
        raise fault(where, what, options.test_share)
    classes = tuple(sorted({name for _, name in train.files}))
    _check_classes(classes, test, where)
    files = (*train.files, *(test.files if test else ()))
    labels = np.array([classes.index(name) for _, name in files], dtype=np.int32)
    if test is None:
        rows = cut_test(labels, options.test_share)
    else:
        rows = np.arange(len(train.files)), np.arange(len(train.files), len(files))
    notes = [*train.notes, *(test.notes if test else ())]
    if test is None:
        notes.append(f"{len(rows[1]):,} of {len(files):,} images are the test split")
    images, more = _read([file for file, _ in files], rows[0], limit_bytes, where)
    flat = images.reshape(len(images), -1)
    return WholeData(
        Examples(flat[rows[0]], labels[rows[0]]),
        Examples(flat[rows[1]], labels[rows[1]]),
        images.shape[1:],
        classes,
        _FULL_SCALE,
        notes=(*notes, *more),
    )


def _found(folders: list[Path], where: str) -> _Found:
    files: list[tuple[Path, str]] = []
    others, empty = 0, []
    for folder in folders:
        classes = sorted(one for one in folder.iterdir() if one.is_dir() and one.name[0] != ".")
        for own in classes:
            inside = sorted(own.iterdir())
            images = [(one, own.name) for one in inside if _is_image(one)]
            files += images
            others += sum(1 for one in inside if one.name[0] != ".") - len(images)
            if not images:
                empty.append(own.name)
    if not files:
        what = "no images: each class needs a folder of PNG or JPEG files"
        raise fault(where, what, allowed="class/name.png, or train/class/name.png and test/...")
    notes = [f"{others:,} files that are no PNG or JPEG are left out"] if others else []
    notes += [f"folders without an image are left out: {', '.join(empty[:10])}"] if empty else []
    return _Found(tuple(files), tuple(notes))


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.name[0] != "." and path.is_file()


def _check_classes(classes: tuple[str, ...], test: _Found | None, where: str) -> None:
    if len(classes) < 2:
        raise fault(where, "only one class", classes[0], "a folder for each of two classes or more")
    hidden = [name for name in classes if not name.isprintable()]
    if hidden:
        raise fault(where, "folders with unprintable names", ", ".join(map(repr, hidden[:5])))
    unknown = sorted({name for _, name in test.files} - set(classes)) if test else []
    if unknown:
        what = "classes of test images that no training image has"
        raise fault(where, what, ", ".join(unknown[:5]), ", ".join(classes[:20]))


def _read(
    files: list[Path], train: NDArray[np.intp], limit_bytes: int, where: str
) -> tuple[Picture, tuple[str, ...]]:
    """Return images (n, h, w) or (n, h, w, 3) of one size, and lines on what was done to them."""
    heads, faults = _heads(files)
    if faults:
        raise FaultError(*faults)
    trained_on = [heads[files[row]] for row in train]
    is_colour = any(colour for _, colour in trained_on)
    sizes = {size for size, _ in trained_on}
    size = _common(sizes, [size for size, _ in trained_on])
    needed = len(files) * size[0] * size[1] * (3 if is_colour else 1)
    if needed > limit_bytes:
        raise fault(where, "the images are too large", f"{needed:,} bytes", f"{limit_bytes:,}")
    images, faults = _pictures(files, size, is_colour=is_colour)
    if faults:
        raise FaultError(*faults)
    notes = []
    if len(sizes) > 1 or any(one != size for one, _ in heads.values()):
        notes.append(f"images of {len(sizes):,} sizes are resized to {size[0]} x {size[1]}")
    if is_colour and bool((images == images[..., :1]).all()):
        images = images[..., 0]
        notes.append("the colours of all images are shades of grey: they are read as grey")
    return images, tuple(notes)


def _heads(files: list[Path]) -> tuple[Mapping[Path, tuple[Shape, bool]], list[Fault]]:
    """Return each image's height and width, and whether it has colours, from how it begins."""
    heads, faults = {}, []
    for file in files:
        try:
            with Image.open(file, formats=("PNG", "JPEG")) as image:
                is_grey = image.mode in ("1", "L", "LA") or image.mode.startswith("I")
                heads[file] = ((image.height, image.width), not is_grey)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            faults.append(Fault(str(file), "no readable image", allowed="an undamaged PNG or JPEG"))
    return heads, faults


def _common(sizes: set[Shape], all_sizes: list[Shape]) -> Shape:
    if len(sizes) == 1:
        return all_sizes[0]
    height, width = np.median(np.array(all_sizes), axis=0)
    shrink = min(1.0, _LONGEST_SIDE / max(height, width))
    return max(1, round(height * shrink)), max(1, round(width * shrink))


def _pictures(files: list[Path], size: Shape, *, is_colour: bool) -> tuple[Picture, list[Fault]]:
    images = np.zeros((len(files), *size, *((3,) if is_colour else ())), dtype=np.uint8)
    faults: list[Fault] = []
    for place, file in enumerate(files):
        try:
            values = np.rint(255 * read_picture(file, colour=is_colour)).astype(np.uint8)
        except FaultError as error:
            faults += error.faults
            continue
        if values.shape[:2] != size:
            resized = Image.fromarray(values).resize(size[::-1], Image.Resampling.BILINEAR)
            values = np.asarray(resized)
        images[place] = values
    return images, faults
