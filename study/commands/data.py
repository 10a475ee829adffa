"""The `data` command: which data sets there are, and whether one can be used for a study."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.faults import FaultError
from study.commands import shared_options as options
from study.commands.data_options import how_it_is_read
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.streams import say
from study.data.check_findings import Finding
from study.data.checks import find_all
from study.data.known import KNOWN
from study.data.load import about_data, find_source
from study.data.save import save_npz
from study.data.sources import local_source
from study.data.table_checks import find_in_table
from study.run_dir.outputs import check_output


@click.group(
    "data",
    invoke_without_command=True,
    epilog=examples(
        "dense-study data",
        "dense-study data check my.npz",
    ),
)
@click.pass_context
def command(context: click.Context) -> None:
    """List, check and save data sets.

    A data set known by name is searched for in the folder $DENSE_STUDY_DATA (NAME.npz), then in
    Keras's cache ($KERAS_HOME or ~/.keras), then among earlier downloads ($XDG_CACHE_HOME or
    ~/.cache, dense-study). If none has it, it is downloaded, from $DENSE_STUDY_MIRROR if set.

    A FILE.npz holds x_train, y_train, x_test and y_test: inputs as integers 0-255 or 0-65535, or
    floats 0-1, of shape (n, features), (n, h, w) or (n, h, w, channels); labels as integers or
    strings. It may also hold full_scale, one number that its integers are divided by.
    """
    if context.invoked_subcommand is None:
        say(listing(os.environ))


@command.command("list", epilog=examples("dense-study data list", "dense-study data list --json"))
@as_json("Print a list of objects as JSON.")
def list_command(as_json: bool) -> int:
    """List the data sets known by name, and where each one is."""
    say(json.dumps(list_known(os.environ), indent=1) if as_json else listing(os.environ))
    return 0


@command.command(
    "check",
    epilog=examples("dense-study data check digits", "dense-study data check my.npz --json"),
)
@click.argument("data", metavar=options.DATA)
@how_it_is_read
@as_json("Print the findings as JSON.")
def check_command(data: str, read_as: DataOptions, as_json: bool) -> int:
    """Check a data set: shapes, classes, balance, duplicates, values; one line for each finding.

    Exits with 0 if the data can be used, with or without warnings, and with 1 if it cannot.
    """
    findings = find(data, os.environ, read_as)
    if as_json:
        say(json.dumps([asdict(finding) for finding in findings], indent=1, default=list))
        return 0
    for line in check_lines(findings):
        say(line)
    return 0


@command.command("save", epilog=examples("dense-study data save digits digits.npz"))
@click.argument("data", metavar=options.DATA)
@how_it_is_read
@click.argument("saved", type=click.Path(path_type=Path, dir_okay=False), metavar="TARGET.npz")
@as_json("Print the file, the data's name and its fingerprint as JSON.")
def save_command(data: str, read_as: DataOptions, saved: Path, as_json: bool) -> int:
    """Write a data set to an .npz file, for other programs and for a bundle's train.py."""
    check_output(saved)
    source = find_source(data, os.environ, options.say_beside, read_as)
    whole = source.read()
    about = about_data(source, whole)
    save_npz(whole, saved)
    found = {"file": str(saved), "name": about.name, "fingerprint": about.fingerprint}
    line = f"{saved}  {about.name}, SHA-256 of the arrays {about.fingerprint}"
    say(json.dumps(found, indent=1) if as_json else line)
    return 0


def listing(environ: Mapping[str, str]) -> str:
    """Return a paragraph for each known data set: what it is, its sizes and its place."""
    return "\n".join(_entry(name, environ) for name in KNOWN)


def list_known(environ: Mapping[str, str]) -> list[dict[str, object]]:
    """Return what is known of each data set, and its place (None where it is not here)."""
    return [_known(name, environ) for name in KNOWN]


def _known(name: str, environ: Mapping[str, str]) -> dict[str, object]:
    known = KNOWN[name]
    source = local_source(name, environ)
    return {
        "name": name,
        "about": known.about,
        "train_n": known.train_n,
        "test_n": known.test_n,
        "place": str(source.place) if source else None,
    }


def find(
    data: str, environ: Mapping[str, str], read_as: DataOptions = AS_IT_IS
) -> tuple[Finding, ...]:
    """Return what is found of a data set; raises FaultError with every fault of unusable data."""
    source = find_source(data, environ, options.say_beside, read_as)
    whole = source.read()
    return (*find_all(about_data(source, whole), whole), *find_in_table(whole))


def check_lines(findings: Sequence[Finding]) -> list[str]:
    """Return the findings as lines, and what they come to."""
    warnings = sum(finding.warns for finding in findings)
    end = "usable" if warnings == 0 else f"usable, {warnings} warning{'s' * (warnings > 1)}"
    return [*(_line(finding) for finding in findings), end]


def _entry(name: str, environ: Mapping[str, str]) -> str:
    known = KNOWN[name]
    try:
        source = local_source(name, environ)
        place = source.place if source else "not on this machine; downloaded when first asked for"
    except FaultError as error:
        place = str(error)
    kind = "images" if len(known.image_shape) > 1 else "rows"
    sizes = f"{known.train_n:,} training and {known.test_n:,} test {kind}"
    return f"{name}\n  {known.about}\n  {sizes}\n  {place}"


def _line(finding: Finding) -> str:
    mark = "warning" if finding.warns else "ok"
    return f"{mark:<8}{finding.topic}: {finding.text}"
