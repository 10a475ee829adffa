"""Check a .keras file from an untrusted place before its weights are read into our own network."""

import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import h5py  # type: ignore[import-untyped]

from search_spaces.faults import Fault, FaultError, fault
from study.config import TrainConfig
from study.engine.structure import weight_layout

_WEIGHTS = "model.weights.h5"
_MEMBERS = frozenset({_WEIGHTS, "config.json", "metadata.json"})
_SLACK = 2_000_000  # bytes of structure beside the numbers themselves
_COLUMN = 60_000  # bytes of text that prepare a column: the numbers of its quantiles

Shape = tuple[int, ...]


def weight_shapes(config: TrainConfig, features: int, classes: int) -> tuple[Shape, ...]:
    """Return the shape of each weight, in Keras's order."""
    sizes = (features, *config.widths, classes)
    return tuple(
        (sizes[weight.layer], sizes[weight.layer + 1])
        if weight.kind == "kernel"
        else (sizes[weight.layer + 1],)
        for weight in weight_layout(config.depth, config.normalization)
    )


def check_network_file(
    path: Path, config: TrainConfig, features: int, classes: int, columns: int = 0
) -> None:
    """Raise FaultError unless the file is a .keras archive with plain weights of these shapes.

    Nothing of it is unpickled, built or run: of its three members only the weights are looked at,
    and they may hold nothing but float32 arrays stored in the file itself. A table's `columns` are
    prepared by constants that are text in the file.
    """
    shapes = weight_shapes(config, features, classes)
    limit = 4 * sum(_size(shape) for shape in shapes) + _SLACK
    text_limit = _SLACK + columns * _COLUMN
    if path.is_symlink() or not path.is_file():
        raise fault(str(path), "not a regular file")
    if path.stat().st_size > limit + text_limit:
        raise fault(str(path), "file too large", f"{path.stat().st_size:,} bytes", f"{limit:,}")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive, {_WEIGHTS: limit}, text_limit)
            content = archive.read(_WEIGHTS)
        with h5py.File(io.BytesIO(content), "r") as file:
            faults = _weight_faults(str(path), file, shapes)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, KeyError, EOFError) as error:
        raise fault(str(path), "not a readable .keras file", error) from error
    if faults:
        raise FaultError(*faults)


def _check_members(
    path: Path, archive: zipfile.ZipFile, limits: Mapping[str, int], text_limit: int
) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if sorted(names) != sorted(_MEMBERS):
        raise fault(str(path), "unexpected members", ", ".join(names), ", ".join(sorted(_MEMBERS)))
    for member in members:
        allowed = limits.get(member.filename, text_limit)
        if member.file_size > allowed:
            got = f"{member.file_size:,} bytes"
            raise fault(f"{path}, {member.filename}", "too large", got, f"{allowed:,}")


def _weight_faults(where: str, file: h5py.File, shapes: tuple[Shape, ...]) -> list[Fault]:
    found: Counter[Shape] = Counter()
    faults = _walk(where, file, found, sum(_size(shape) for shape in shapes))
    if not faults and found != Counter(shapes):
        got = ", ".join(map(str, sorted(found.elements())))
        faults.append(
            Fault(where, "weights of other shapes", got, ", ".join(map(str, sorted(shapes))))
        )
    return faults


def _walk(where: str, group: h5py.Group, found: Counter[Shape], most: int) -> list[Fault]:
    faults = []
    for name in group:
        place = f"{where}, {group.name.rstrip('/')}/{name}"
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            faults.append(Fault(place, "a link", allowed="numbers stored in the file itself"))
            continue
        entry = group[name]
        if isinstance(entry, h5py.Group):
            faults += _walk(where, entry, found, most)
        elif not isinstance(entry, h5py.Dataset) or entry.is_virtual or entry.external:
            faults.append(Fault(place, "numbers from elsewhere", allowed="stored in the file"))
        elif _size(entry.shape or ()) > most:
            faults.append(Fault(place, "weights of other shapes", str(entry.shape)))
        elif entry.name.startswith("/layers/"):
            found[entry.shape] += 1
            if entry.dtype != "float32":
                faults.append(Fault(place, "numbers of a wrong type", str(entry.dtype), "float32"))
    return faults


def _size(shape: Shape) -> int:
    size = 1
    for length in shape:
        size *= length
    return size
