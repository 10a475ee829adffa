"""Where a study can be exported to: the one list of targets, and how each is opened."""

import importlib
import importlib.util
import os
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from reports.record import StudyRecord
from search_spaces.faults import FaultError, cut, fault, unknown
from study.exporters.exporter import Exporter
from study.run_dir.urls import redact_url

Target = Literal["mlflow", "tensorboard", "wandb", "parquet", "csv"]
TARGETS: tuple[Target, ...] = get_args(Target)


@dataclass(frozen=True)
class _Home:
    """Which module writes for a target, which package that needs, and the extra that brings it.

    `file` is the name of what is written in a study's folder of exports, None where the tool has a
    place of its own. `is_live` says whether trials can be written while they run. `settings` are
    environment variables that its package reads, where the user has not set them: nothing is to be
    sent to its makers, and nobody to wait minutes.
    """

    module: str
    package: str | None
    extra: str
    file: str | None
    is_live: bool = False
    settings: tuple[tuple[str, str], ...] = ()


# A module has `open_exporter(place, record)` and FAILURES: what its package raises for what a user
# can correct.
_HOMES: Mapping[Target, _Home] = MappingProxyType(
    {
        "mlflow": _Home(
            "mlflow_runs",
            "mlflow",
            "mlflow",
            None,
            is_live=True,
            settings=(
                ("MLFLOW_DISABLE_TELEMETRY", "true"),
                ("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3"),  # a server that is gone: some 15 seconds
            ),
        ),
        "tensorboard": _Home(
            "tensorboard_events", "tensorboard", "tensorboard", "tensorboard", is_live=True
        ),
        "wandb": _Home(
            "wandb_runs",
            "wandb",
            "wandb",
            "wandb",
            is_live=True,
            settings=(("WANDB_ERROR_REPORTING", "false"), ("WANDB_SILENT", "true")),
        ),
        "parquet": _Home("parquet_table", "pyarrow", "tables", "trials.parquet"),
        "csv": _Home("csv_table", None, "", "trials.csv"),
    }
)
LIVE_TARGETS = tuple(target for target in TARGETS if _HOMES[target].is_live)


@dataclass(frozen=True)
class Destination:
    """A target, and the place that was asked for: a path, an address, or None for its own."""

    target: Target
    place: str | None = None

    def as_words(self) -> str:
        """Return how a command line names it, as in --log-to."""
        return self.target if self.place is None else f"{self.target}={self.place}"


def parse_live(text: str) -> Destination:
    """Read TARGET or TARGET=PLACE; raises FaultError for what cannot be written while it runs."""
    name, sign, place = text.partition("=")
    allowed = f"{', '.join(LIVE_TARGETS)}, and =PLACE behind it"
    target = next((one for one in LIVE_TARGETS if one == name), None)
    if target is None:
        raise fault("--log-to", unknown("target", name, LIVE_TARGETS), repr(text), allowed)
    if sign and not place:
        raise fault("--log-to", "names no place", repr(text), allowed)
    return Destination(target, place or None)


def check_installed(target: Target, option: str) -> None:
    """Raise FaultError where there is no such target, or its package is not installed."""
    if target not in _HOMES:
        what = unknown("target", str(target), TARGETS)
        raise fault(option, what, target, ", ".join(TARGETS))
    home = _HOMES[target]
    if home.package is not None and importlib.util.find_spec(home.package) is None:
        advice = f"pip install 'dense-study[{home.extra}]'"
        raise fault(f"{option} {target}", f"{home.package} is not installed", allowed=advice)


@contextmanager
def opened_exporter(
    destination: Destination, record: StudyRecord, exports: Path, option: str = "--to"
) -> Iterator[Exporter]:
    """Yield what writes to a destination, by default in the folder `exports`, and close it.

    Raises FaultError where the package is missing, or refuses to write.
    """
    check_installed(destination.target, option)
    home = _HOMES[destination.target]
    for name, value in home.settings:
        os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        # What a package warns of while it is imported is its makers' business.
        warnings.simplefilter("ignore")
        # Only here: each needs a package that need not be installed.
        module: Any = importlib.import_module(f"study.exporters.{home.module}")
    place = destination.place
    if place is None and home.file is not None:
        place = str(exports / home.file)
    try:
        with closing(module.open_exporter(place, record)) as exporter:
            yield exporter
    except module.FAILURES as error:
        where = redact_url(f"{option} {destination.as_words()}")
        raise fault(where, f"cannot be written: {redact_url(first_line(error))}") from error


def first_line(error: BaseException) -> str:
    """Return an error as one short line."""
    if isinstance(error, FaultError):
        return str(error).splitlines()[0]
    text = str(error).strip() or traceback.format_exception_only(error)[-1].strip()
    return cut(text.splitlines()[0], 300)
