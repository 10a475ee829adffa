"""`delete`: remove run directories, or list what would be removed."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import click

from search_spaces.faults import Fault, FaultError, fault
from study.commands import shared_options as options
from study.commands.streams import say
from study.run_dir.leftovers import on_its_way_out, sweep_folders
from study.run_dir.lock import locked
from study.run_dir.paths import RunDirectory, open_run
from study.run_dir.plan import read_plan


@dataclass(frozen=True)
class Deletion:
    """A run directory to delete: its files and their bytes, and a storage that stays behind."""

    run: RunDirectory
    files: int
    bytes: int
    storage: str


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@options.runs_dir
@click.option("--yes", is_flag=True, help="Delete; without it nothing is changed.")
def command(names: tuple[str, ...], runs_dir: Path, yes: bool) -> int:
    """Delete the run directories of studies; without --yes only list what would be deleted."""
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
        return Deletion(run, len(files), sum(path.stat().st_size for path in files), _storage(run))


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
            run.root.rename(away)
            shutil.rmtree(away)
        except OSError as error:
            raise fault(str(run.root), "cannot be deleted", error.strerror or error) from error


def _line(one: Deletion, what: str) -> str:
    left = f"; its trials stay in {one.storage}" if one.storage else ""
    return f"{what} {one.run.root}: {one.files} files, {one.bytes / 1e6:.1f} MB{left}"
