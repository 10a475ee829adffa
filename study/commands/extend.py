"""`extend`: start a study with another space that takes over the trials that fit it."""

import json
from pathlib import Path

import click

from reports.numbers import plural
from search_spaces.read import load_space
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.streams import say
from study.record.snapshot import find_run, snapshot
from study.run_dir.names import check_study_name, legal_name
from study.run_dir.paths import RunDirectory
from study.workflows.extend import Extension, extend_study


@click.command("extend", epilog=examples("dense-study extend four-digits --space wide --trials 60"))
@click.argument("name", shell_complete=study_names)
@click.option("--space", required=True, metavar="SPACE", help="The new space: a name or TOML file.")
@click.option("--name", "new_name", metavar="NAME", help="The new study's name.  [NAME-SPACE]")
@click.option("--trials", type=options.TRIALS, help="The new study's total of trials.")
@options.storage
@options.runs_dir
@as_json("Print the new study, and the trials taken over and left, as JSON.")
def command(
    *,
    name: str,
    space: str,
    new_name: str | None,
    trials: int | None,
    storage: str | None,
    runs_dir: Path,
    as_json: bool,
) -> int:
    """Start a study with another space that takes over the trials that fit it.

    The old study stays as it is: the space of a study must not change under its trials.
    """
    old = find_run(runs_dir, name, storage)
    loaded = load_space(space)
    run = RunDirectory(runs_dir / check_study_name(new_name or legal_name(f"{name}-{loaded.name}")))
    with snapshot(old, storage) as there:
        taken = extend_study(there, Extension(run, loaded, space, trials), storage)
    if as_json:
        carried = [one.of for one in taken.carried if one.recorded is not None]
        found = {"study": run.name, "folder": str(run.root), "taken": carried, "left": taken.left}
        say(json.dumps(found, indent=1))
        return 0
    count = sum(one.recorded is not None for one in taken.carried)
    left = f", {plural(len(taken.left), 'trial')} outside the new space" if taken.left else ""
    say(f"{run.root}: took over {plural(count, 'trial')} of study {name}{left}")
    if taken.carried[0].recorded is None:
        say("The new baseline is not among them: it is trained first.")
    say(f"Go on with: dense-study resume {run.name}")
    return 0
