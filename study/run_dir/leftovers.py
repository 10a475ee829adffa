"""What interruptions leave, temporary files and folders that are moved, and how it goes away."""

import re
from pathlib import Path

from search_spaces.faults import fault
from study.file_system import process_mark, sweep, sweep_temporary
from study.run_dir.paths import RunDirectory

# The name of a folder that is moved holds the mark of the process that does it.
_MOVING = re.compile(r"\.(?:deleted|extended)-(\d{1,10}(?:-\d{1,20})?)-.+")


def on_its_way_out(root: Path) -> Path:
    """Return where a run directory goes in one step, to be deleted there."""
    return root.parent / f".deleted-{process_mark()}-{root.name}"


def on_its_way_in(root: Path) -> Path:
    """Return where a run directory is made, to come to its place in one step; its name is kept."""
    return root.parent / f".extended-{process_mark()}-{root.name}" / root.name


def sweep_folders(runs_dir: Path) -> None:
    """Remove the folders that processes which are gone had on their way in or out."""
    sweep(runs_dir, _MOVING)


def sweep_files(run: RunDirectory) -> None:
    """Remove the temporary files of processes that are gone; the run directory is held."""
    sweep_temporary(run.root)
    sweep_temporary(run.weights)


def check_no_remains(run: RunDirectory) -> None:
    """Raise FaultError where a run directory without a plan holds what only a study writes.

    It would become part of a study that is another one.
    """
    written = (run.asked, run.trials, run.database, run.confirmation, run.retrainings)
    found = [path.name for path in written if path.exists()]
    if found:
        what = "holds files of a study and no plan, as something interrupted or deleted leaves it"
        raise fault(str(run.root), what, ", ".join(found), "another --name, or delete the folder")
