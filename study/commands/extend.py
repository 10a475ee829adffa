"""`extend`: start a study with another space that takes over the trials that fit it."""

import json
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from reports.numbers import plural
from reports.record import StudyRecord
from search_spaces.faults import fault
from search_spaces.fingerprint import space_fingerprint
from search_spaces.read import load_space
from search_spaces.space import Space
from search_spaces.write import write_space
from study.collect import collect
from study.commands import options
from study.coordinator.asked import AskedFile
from study.coordinator.storage import open_storage, storage_url
from study.current import current, find_run
from study.lineage import Inheritance, inherit
from study.lock import locked
from study.machine import machine, versions
from study.opening import fresh_or_whole
from study.plan import Plan, read_plan, write_plan
from study.run_directory import RunDirectory, check_study_name


@dataclass(frozen=True)
class Extension:
    """What the new study is: its run directory, space (and as it was given) and total of trials.

    `trials` is None for as many new trials as the old study has in all.
    """

    run: RunDirectory
    space: Space
    given: str
    trials: int | None


@click.command("extend")
@click.argument("name")
@click.option("--space", required=True, metavar="SPACE", help="The new space: a name or TOML file.")
@click.option("--name", "new_name", metavar="NAME", help="The new study's name.  [NAME-SPACE]")
@click.option("--trials", type=click.IntRange(1), help="The new study's total of trials.")
@click.option("--storage", metavar="URL", help="The old study's storage, with its password.")
@options.runs_dir
def command(
    *,
    name: str,
    space: str,
    new_name: str | None,
    trials: int | None,
    storage: str | None,
    runs_dir: Path,
) -> int:
    """Start a study with another space that takes over the trials that fit it.

    The old study stays as it is: the space of a study must not change under its trials.
    """
    old = find_run(runs_dir, name, storage)
    loaded = load_space(space)
    run = RunDirectory(runs_dir / check_study_name(new_name or f"{name}-{loaded.name}"))
    with current(old, storage) as there:
        taken = extend_study(there, Extension(run, loaded, space, trials), storage)
    count = sum(heir.told is not None for heir in taken.heirs)
    left = f", {plural(len(taken.left), 'trial')} outside the new space" if taken.left else ""
    click.echo(f"{run.root}: took over {plural(count, 'trial')} of study {name}{left}")
    if taken.heirs[0].told is None:
        click.echo("The new baseline is not among them: it is trained first.")
    click.echo(f"Go on with: dense-study resume {run.name}")
    return 0


def extend_study(old: RunDirectory, new: Extension, storage: str | None) -> Inheritance:
    """Write the new study's directory and return what it took over; raises FaultError."""
    if new.run.exists():
        raise fault("--name", "there is such a study already", new.run.name)
    plan = read_plan(old)
    if space_fingerprint(new.space) == plan.space_fingerprint:
        raise fault("--space", "it is the study's own space", new.given, "another space")
    record = collect(old, storage)
    taken = inherit(record.trials, new.space, plan.seed)
    with fresh_or_whole(new.run), locked(new.run):
        _write(old, record, plan, new, taken)
    return taken


def _write(
    old: RunDirectory, record: StudyRecord, plan: Plan, new: Extension, taken: Inheritance
) -> None:
    run = new.run
    run.write_text(run.space, write_space(new.space))
    run.write_text(run.data, old.data.read_text(encoding="utf-8"))
    asked = AskedFile(run.asked)
    with closing(open_storage(storage_url(run, ""), run.name, create=True)) as trials:
        for heir in taken.heirs:
            asked.append(heir.asked)
            if heir.told is not None:
                trials.tell(heir.told, new.space)
    lineage = {
        "study": record.name,
        "space_fingerprint": record.space_fingerprint,
        "trials": {heir.asked.number: heir.of for heir in taken.heirs if heir.of is not None},
        "left": taken.left,
    }
    run.write_text(run.lineage, json.dumps(lineage, indent=1) + "\n")
    # The plan comes last: with it, and not before, there is a study.
    write_plan(run, _new_plan(plan, new, len(taken.heirs)))


def _new_plan(plan: Plan, new: Extension, heirs: int) -> Plan:
    return replace(
        plan,
        name=new.run.name,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        space=new.given,
        space_fingerprint=space_fingerprint(new.space),
        trials=new.trials or heirs + plan.trials,
        storage="",
        enqueued=(),
        versions=versions(),
        machine=machine(),
    )
