"""The folder that studies lie in: which there are, and what is left of those that were."""

import os
from pathlib import Path

from search_spaces.faults import fault, perhaps_meant
from study.run_dir.names import check_study_name
from study.run_dir.paths import RunDirectory, cannot_read

# How the name of a ledger ends that lies beside the studies.
LEFT_LEDGER = ".ledger.jsonl"


def find_runs(runs_dir: Path) -> tuple[RunDirectory, ...]:
    """Return every study of a folder that may be looked at, by name; raises FaultError."""
    # pathlib's own questions raise where another user's folder is shut.
    return tuple(
        RunDirectory(path)
        for path in _entries(runs_dir)
        if os.path.isfile(RunDirectory(path).plan)  # noqa: PTH113
    )


def ledgers_in(runs_dir: Path) -> tuple[tuple[str, Path], ...]:
    """Return every ledger of a folder with the name it has there; raises FaultError.

    A study has one, whole or not, the baseline alone has one, and one is left of a deleted study.
    """
    found = []
    for path in _entries(runs_dir):
        inside = RunDirectory(path).ledger
        if os.path.isfile(inside):  # noqa: PTH113
            found.append(inside)
        elif path.name.endswith(LEFT_LEDGER) and os.path.isfile(path):  # noqa: PTH113
            found.append(path)
    return tuple((study_of(one)[0], one) for one in found)


def study_of(ledger: Path) -> tuple[str, Path]:
    """Return whose ledger a file is, a study's or else by its own name, and the folder of that."""
    if ledger == RunDirectory(ledger.parent).ledger:
        return ledger.parent.name, ledger.parent.parent
    return ledger.name.removesuffix(LEFT_LEDGER), ledger.parent


def find_shut(runs_dir: Path) -> tuple[Path, ...]:
    """Return the folders that may hold a study of another user, who keeps it to himself."""
    return tuple(
        path
        for path in _entries(runs_dir)
        if os.path.isdir(path) and not os.access(path, os.X_OK)  # noqa: PTH112
    )


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise cannot_read(folder, error) from error


def open_run(runs_dir: Path, name: str) -> RunDirectory:
    """Return an existing study's run directory; raises FaultError naming those there are."""
    run = RunDirectory(runs_dir / check_study_name(name))
    if not run.exists():
        there = [found.name for found in find_runs(runs_dir)]
        what = f"no such study{perhaps_meant(name, there)}"
        raise fault(str(runs_dir), what, name, ", ".join(there) or "none yet")
    return run
