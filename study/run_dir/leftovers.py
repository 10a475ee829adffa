"""What interruptions leave, temporary files and folders that are moved, and how it goes away."""

import os
import re
import shutil
from pathlib import Path

import psutil

from search_spaces.faults import fault
from study.run_dir.paths import RunDirectory

# Temporary names hold the number of the process that made them: .plan.toml.4711.x8f3k2
_TEMPORARY = re.compile(r"\..+\.(\d{1,10})\.[A-Za-z0-9_]+")
_MOVING = re.compile(r"\.(?:deleted|extended)-(\d{1,10})-.+")


def on_its_way_out(root: Path) -> Path:
    """Return where a run directory goes in one step, to be deleted there."""
    return root.parent / f".deleted-{os.getpid()}-{root.name}"


def on_its_way_in(root: Path) -> Path:
    """Return where a run directory is made, to come to its place in one step; its name is kept."""
    return root.parent / f".extended-{os.getpid()}-{root.name}" / root.name


def sweep_folders(runs_dir: Path) -> None:
    """Remove the folders that processes which are gone had on their way in or out."""
    _sweep(runs_dir, _MOVING)


def sweep_files(run: RunDirectory) -> None:
    """Remove the temporary files of processes that are gone; the run directory is held."""
    _sweep(run.root, _TEMPORARY)
    _sweep(run.weights, _TEMPORARY)


def check_no_remains(run: RunDirectory) -> None:
    """Raise FaultError where a run directory without a plan holds what only a study writes.

    It would become part of a study that is another one.
    """
    written = (run.asked, run.trials, run.database, run.confirmation, run.retrainings)
    found = [path.name for path in written if path.exists()]
    if found:
        what = "holds files of a study and no plan, as something interrupted or deleted leaves it"
        raise fault(str(run.root), what, ", ".join(found), "another --name, or delete the folder")


def _sweep(folder: Path, form: re.Pattern[str]) -> None:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        found = form.fullmatch(path.name)
        if found is None or psutil.pid_exists(int(found[1])):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
