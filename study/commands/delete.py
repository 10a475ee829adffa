"""`delete`: remove run directories, or list what would be removed."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import click

from search_spaces.faults import Fault, FaultError, fault
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.streams import say
from study.run_dir.atomic import write_atomically
from study.run_dir.folder import LEFT_LEDGER, open_run
from study.run_dir.json_lines import JsonLines
from study.run_dir.leftovers import on_its_way_out, sweep_folders
from study.run_dir.lock import locked
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan


@dataclass(frozen=True)
class Deletion:
    """A run directory to delete: its files and their bytes, and what stays behind.

    `storage` keeps its trials. Where it opened a test split, `ledger` says so from then on.
    """

    run: RunDirectory
    files: int
    bytes: int
    storage: str
    ledger: Path | None


@click.command(
    epilog=examples(
        "dense-study delete four-digits",
        "dense-study delete four-digits --yes",
    )
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=study_names)
@options.runs_dir
@click.option("--yes", is_flag=True, help="Delete; without it nothing is changed.")
def command(names: tuple[str, ...], runs_dir: Path, yes: bool) -> int:
    """Delete the run directories of studies; without --yes only list what would be deleted.

    The ledger of a study that opened a test split stays: what was seen there still counts.
    """
    deletions = find_deletions(runs_dir, names)
    for one in deletions:
        say(_line(one, "deleted" if yes else "would delete"))
        if yes:
            delete_run(one.run)
    if not yes:
        say("Nothing was deleted. Add --yes to delete.")
    return 0


def find_deletions(runs_dir: Path, names: tuple[str, ...]) -> list[Deletion]:
    """Look at every named study before any is deleted; raises FaultError with all faults."""
    faults: list[Fault] = []
    deletions = []
    for name in dict.fromkeys(names):
        try:
            deletions.append(_look_at(runs_dir, name))
        except FaultError as error:
            faults += error.faults
    if faults:
        raise FaultError(*faults)
    return deletions


def _look_at(runs_dir: Path, name: str) -> Deletion:
    run = open_run(runs_dir, name)
    if run.root.is_symlink():
        raise fault(str(run.root), "a link, not a run directory", run.root.readlink())
    with locked(run):
        files = [path for path in run.root.rglob("*") if path.is_file() and not path.is_symlink()]
        size = sum(path.stat().st_size for path in files)
        left = _left_ledger(run)
        return Deletion(run, len(files), size, _storage(run), left[0] if left else None)


def _storage(run: RunDirectory) -> str:
    try:
        return read_plan(run).storage
    except FaultError:
        return ""  # a study with a damaged plan must be deletable too


def delete_run(run: RunDirectory) -> None:
    """Delete a run directory that no process is running, whole or not at all; raises FaultError.

    It leaves its place in one step. What an interruption leaves of it is removed by the next
    command that begins, resumes, extends or deletes a study there.
    """
    sweep_folders(run.root.parent)
    away = on_its_way_out(run.root)
    with locked(run):
        try:
            if left := _left_ledger(run):
                write_atomically(*left)
            run.root.rename(away)
            shutil.rmtree(away)
        except OSError as error:
            raise fault(str(run.root), "cannot be deleted", error.strerror or error) from error


def _line(one: Deletion, what: str) -> str:
    line = f"{what} {one.run.root}: {one.files} files, {one.bytes / 1e6:.1f} MB"
    if one.storage:
        line += f"; its trials stay in {one.storage}"
    if one.ledger:
        line += f"; its openings of the test split stay in {one.ledger}, since they still count"
    return line


def _left_ledger(run: RunDirectory) -> tuple[Path, bytes] | None:
    """Return where a study's ledger is kept when it is deleted, and its bytes; None without one."""
    content = b"".join(JsonLines(run.ledger).read())
    name = f"{run.name}-{hashlib.sha256(content).hexdigest()[:8]}{LEFT_LEDGER}"
    return (run.root.parent / name, content) if content else None
