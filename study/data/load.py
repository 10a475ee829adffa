"""Load a data set: training data to work with, and the test split sealed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.faults import fault
from study.data.arrays import WholeData, fingerprint, test_split_fingerprint
from study.data.checks import find_concerns
from study.data.concerns import Concerns
from study.data.copies import find_copies
from study.data.download import download, say_nothing
from study.data.known import KNOWN, known_name
from study.data.known_hash import check_known
from study.data.own_data import refuse_options
from study.data.sealed import SealedTest
from study.data.sources import Source, file_source, known_or_file, local_source
from study.data.values import About, Examples, TrainingData


@dataclass(frozen=True, eq=False)
class LoadedData:
    """A data set ready for a study; the two parts part ways at once."""

    training: TrainingData
    test: SealedTest
    concerns: Concerns


def load_data(
    name_or_path: str,
    environ: Mapping[str, str],
    say: Callable[[str], None] = say_nothing,
    options: DataOptions = AS_IT_IS,
) -> LoadedData:
    """Load a data set that is known by name, downloaded if need be, or a user's own.

    The test arrays are read once for the fingerprint and dropped. A file that holds the very arrays
    of a known data set gets its name, any other its own. `say` is called when a download begins,
    with what was concluded of the data, and with each warning that matters for accuracies. Raises
    FaultError with every fault.
    """
    source = find_source(name_or_path, environ, say, options)
    whole = source.read()
    for note in whole.notes:
        say(f"data: {note}")
    about = about_data(source, whole)
    expected = about.fingerprint
    own = test_split_fingerprint(whole)
    sealed = SealedTest(whole.test.n, expected, lambda: _read_test(source, expected), own)
    concerns = find_concerns(about, whole)
    for warning in concerns.warnings:
        say(f"warning: {warning}")
    return LoadedData(TrainingData(about, whole.train, whole.groups), sealed, concerns)


def find_source(
    name_or_path: str,
    environ: Mapping[str, str],
    say: Callable[[str], None] = say_nothing,
    options: DataOptions = AS_IT_IS,
) -> Source:
    """Return where to read this data set, after downloading it if need be.

    Raises FaultError where there is none, or where it leaves options without a meaning.
    """
    asked = known_or_file(name_or_path)
    if isinstance(asked, Path):
        return file_source(asked, options)
    refuse_options(options, asked, "a data set known by name")
    source = local_source(asked, environ)
    if source is None:
        download(asked, KNOWN[asked], environ, say)
        source = local_source(asked, environ)
    if source is None:
        raise fault(asked, "it was downloaded, and is gone")
    return source


def about_data(source: Source, whole: WholeData) -> About:
    """Return what holds for all splits; raises FaultError where a known name has other content."""
    found = fingerprint(whole)
    if source.name is not None:
        check_known(source.name, KNOWN[source.name], whole, source.place)
    name = source.name or known_name(found) or _own_name(source.place)
    return About(
        name=name,
        image_shape=whole.image_shape,
        classes=_class_names(source.name, whole.classes),
        full_scale=whole.full_scale,
        fingerprint=found,
        test_n=whole.test.n,
        columns=whole.columns,
        weight=whole.weight,
    )


def _read_test(source: Source, expected: str) -> Examples:
    whole = source.read()
    found = fingerprint(whole)
    if found != expected:
        what = "the data changed since it was loaded"
        raise fault(source.place, what, found[:16], f"fingerprint {expected[:16]}")
    return replace(whole.test, groups=find_copies(whole).test_groups)


def _own_name(place: str) -> str:
    # A file that is merely called mnist.npz must not pass for MNIST.
    path = Path(place)
    return path.name if path.stem in KNOWN else path.stem


def _class_names(name: str | None, classes: tuple[str, ...]) -> tuple[str, ...]:
    names = KNOWN[name].class_names if name else ()
    return names if len(names) == len(classes) else classes
