"""`export`: write a study's best config as a bundle or a config file, or the study elsewhere."""

import json
from pathlib import Path
from typing import cast

import click

from reports.json_values import to_json
from study.bundle.config_forms import CONFIG_FORMS, ConfigForm
from study.bundle.ingredients import claimed
from study.bundle.manifest import Manifest
from study.commands import data_options
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.json_option import as_json
from study.commands.streams import say
from study.exporters.destination import TARGETS, Destination, Target
from study.networks.tasks import Form
from study.record.snapshot import find_run
from study.run_dir.outputs import write_output
from study.run_dir.paths import RunDirectory
from study.workflows.export import Export, config_text, export_bundle, export_study

BUNDLE = "bundle"


@click.command(
    "export",
    epilog=examples(
        "dense-study export four-digits",
        "dense-study export four-digits --config-format toml --out best.toml",
        "dense-study export four-digits --trial 12 --config-format toml --out trial-12.toml",
        "dense-study export four-digits --to mlflow",
        "dense-study export four-digits --to csv --out trials.csv",
    ),
)
@click.argument("name", shell_complete=study_names)
@click.option(
    "--to",
    "target",
    type=click.Choice([BUNDLE, *TARGETS]),
    default=BUNDLE,
    show_default=True,
    help="A bundle, or the whole study for a tracker or as a table of its trials.",
)
@click.option(
    "--out",
    metavar="PLACE",
    help="Folder or file to write, or a server's address.  [default: the study's best/, or "
    "exports/ beside it; for mlflow MLFLOW_TRACKING_URI]",
)
@click.option(
    "--format",
    "forms",
    multiple=True,
    type=click.Choice(["onnx", "litert", "saved_model"]),
    help="Write the network of a bundle in this form too; may be repeated.",
)
@click.option(
    "--config-format",
    type=click.Choice(CONFIG_FORMS),
    help="Write the config alone, as a file of this form; trains nothing.",
)
@click.option(
    "--trial",
    type=click.IntRange(0),
    metavar="NUMBER",
    help="With --config-format: the config of this trial instead of the best one.",
)
@data_options.data_now()
@options.storage
@options.runs_dir
@as_json("Print the bundle's folder and manifest, or where a study was written, as JSON.")
def command(  # noqa: PLR0913 click passes one argument an option
    *,
    name: str,
    target: str,
    out: str | None,
    forms: tuple[str, ...],
    config_format: str | None,
    trial: int | None,
    data: str | None,
    storage: str | None,
    runs_dir: Path,
    as_json: bool,
) -> int:
    """Write a study's best config as a bundle that can be used, checked and retrained.

    With --to another target: write the whole study there, trial by trial. Written again, it is
    completed and not doubled.
    """
    run = find_run(runs_dir, name, storage)
    if target != BUNDLE:
        own = {
            "--format": forms,
            "--config-format": config_format,
            "--trial": trial,
            "--data": data,
        }
        _leave_out(target, [option for option, value in own.items() if value not in (None, ())])
        place = export_study(run, Destination(cast("Target", target), out), storage)
        written = {"study": name, "target": target, "place": place}
        line = f"{name}: written to {target}: {place}"
        say(json.dumps(written, indent=1) if as_json else line)
        return 0
    to = None if out is None else Path(out)
    if as_json and config_format is not None:
        raise click.UsageError("--config-format writes a config: leave out --json")
    if config_format is not None:
        if forms:
            raise click.UsageError("--config-format writes the config alone: leave out --format")
        text = config_text(run, cast("ConfigForm", config_format), storage, trial)
        _write_config(to, text)
        return 0
    if trial is not None:
        raise click.UsageError("--trial gives a config alone: add --config-format")
    asked = cast("tuple[Form, ...]", tuple(dict.fromkeys(forms)))
    _write_bundle(run, Export(to or run.best, asked, data, storage), as_json)
    return 0


def _leave_out(target: str, given: list[str]) -> None:
    if given:
        raise click.UsageError(f"--to {target} writes the whole study: leave out {given[0]}")


def _write_config(path: Path | None, text: str) -> None:
    if path is None:
        say(text, nl=False)
        return
    write_output(path, text.encode())


def _write_bundle(run: RunDirectory, export: Export, as_json: bool) -> None:
    manifest = export_bundle(run, export)
    whole = {"folder": str(export.folder), "manifest": to_json(manifest)}
    say(json.dumps(whole, indent=1) if as_json else bundle_line(export.folder, manifest))


def bundle_line(folder: Path, manifest: Manifest) -> str:
    """Say in a line what a bundle holds."""
    name, value = claimed(manifest.claim)
    return f"{folder}: {manifest.candidate}, {name} {value}; {len(manifest.files) + 1} files"
