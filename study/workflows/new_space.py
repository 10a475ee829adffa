"""Write a search space for a data set into a file, with what the data is."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from search_spaces.data_source import DataOptions, DataSource
from search_spaces.faults import fault
from search_spaces.new_space import DataFacts, new_space, new_space_text, space_name
from search_spaces.read import read_space
from search_spaces.space import Space
from search_spaces.suggested import Shape
from study.data.describe_columns import describe_columns
from study.data.known import KNOWN
from study.data.load import LoadedData, load_data
from study.run_dir.outputs import check_output, write_output


def write_new_space(
    asked: tuple[str, DataOptions],
    file: Path | None,
    say: Callable[[str], None],
    *,
    may_replace: bool = False,
) -> tuple[Path, Space, DataFacts]:
    """Write a space for the data that was asked for; return where, the space and the facts.

    Without a `file` it is named by the data, in this folder. Raises FaultError where the data
    cannot be read, or the file is no .toml, is there already or cannot be written.
    """
    if file is not None:
        _check_place(file, may_replace=may_replace)
    loaded = load_data(asked[0], os.environ, say, asked[1])
    place = file or Path(f"{space_name(loaded.training.about.name)}.toml")
    _check_place(place, may_replace=may_replace)
    facts = facts_of(loaded, _from_folder(*asked, place.parent))
    space, text = new_space(facts), new_space_text(facts)
    # What cannot be read back, such as a path with a line break in it, is said now and not later.
    read_space(text, str(place))
    write_output(place, text.encode())
    return place, space, facts


def facts_of(loaded: LoadedData, source: DataSource) -> DataFacts:
    """Return what a space says of its data; of the test split its size alone."""
    training = loaded.training
    about, examples = training.about, training.examples
    columns = describe_columns(training)
    counts = np.bincount(examples.labels, minlength=len(about.classes)).tolist()
    numbers = sum(one.kind == "number" for one in columns)
    is_image = not columns and len(about.image_shape) > 1
    shape = Shape(
        examples.n,
        examples.inputs.shape[1],
        about.image_shape if is_image else (),
        numbers,
        len(columns) - numbers,
    )
    return DataFacts(
        about.name,
        source,
        shape,
        about.test_n,
        tuple(zip(about.classes, counts, strict=True)),
        tuple((one.name, _holds(one.kind, one.missing, one.holds)) for one in columns),
    )


def _holds(kind: str, missing: int, holds: str) -> str:
    return f"{kind}, {holds}" + (f"; {missing:,} missing" if missing else "")


def _check_place(place: Path, *, may_replace: bool) -> None:
    if place.suffix != ".toml":
        raise fault(
            "--out", "not the name of a space's file", str(place), "a name that ends in .toml"
        )
    if os.path.lexists(place) and not may_replace:
        what = "there is such a file already"
        raise fault(str(place), what, allowed="another --out, or --replace to write over it")
    check_output(place)


def _from_folder(source: str, options: DataOptions, folder: Path) -> DataSource:
    """Return the data as a file in this folder names it: paths are relative to it."""
    there = source if source in KNOWN else _relative(source, folder)
    given = options.given()
    if options.test_data:
        given["test_data"] = _relative(options.test_data, folder)
    return DataSource(there, DataOptions(**given))


def _relative(path: str, folder: Path) -> str:
    # From where the folder really is: the system follows a link before it goes up.
    relative = os.path.relpath(path, os.path.realpath(folder))
    # A file with the name of a known data set has its whole path: by its name it would be that.
    return str(Path(path).absolute()) if relative in KNOWN else relative
