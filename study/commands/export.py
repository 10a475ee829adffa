"""`export`: write a study's best config as a bundle, or as a config file alone."""

import importlib.util
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import click

from reports.numbers import percent
from search_spaces.faults import fault
from study.bundle.choice import choose
from study.bundle.config_forms import CONFIG_FORMS, ConfigForm, render_config
from study.bundle.ingredients import provenance
from study.bundle.manifest import Manifest
from study.bundle.network_tasks import Form
from study.bundle.training import trains_alone
from study.bundle.write import Target, write_bundle
from study.collect import collect
from study.commands import options
from study.current import current, find_run
from study.data.load import load_data
from study.lock import locked
from study.plan import read_plan
from study.run_directory import RunDirectory

# What each form needs beyond the package's own dependencies, and the extra that brings it.
_NEEDS: dict[str, tuple[str, str]] = {"onnx": ("tf2onnx", "onnx")}


@dataclass(frozen=True)
class Export:
    """What to export: the bundle's folder and forms; data and storage where not the plan's own."""

    folder: Path
    forms: tuple[Form, ...] = ()
    data: str | None = None
    storage: str | None = None


@click.command("export")
@click.argument("name")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the bundle, or the file of the config.  [default: the study's best/]",
)
@click.option(
    "--format",
    "forms",
    multiple=True,
    type=click.Choice(["onnx", "litert", "saved_model"]),
    help="Write the network in this form too; may be repeated.",
)
@click.option(
    "--config-format",
    type=click.Choice(CONFIG_FORMS),
    help="Write the config alone, as a file of this form; trains nothing.",
)
@click.option("--data", metavar="NAME|FILE.npz", help="Where the study's data lies now.")
@options.storage
@options.runs_dir
def command(
    *,
    name: str,
    to: Path | None,
    forms: tuple[str, ...],
    config_format: str | None,
    data: str | None,
    storage: str | None,
    runs_dir: Path,
) -> int:
    """Write a study's best config as a bundle that can be used, checked and retrained."""
    run = find_run(runs_dir, name, storage)
    if config_format is not None:
        if forms:
            raise click.UsageError("--config-format writes the config alone: leave out --format")
        text = config_text(run, cast("ConfigForm", config_format), storage)
        _write_config(to, text)
        return 0
    asked = cast("tuple[Form, ...]", tuple(dict.fromkeys(forms)))
    export = Export(to or run.best, asked, data, storage)
    manifest = export_bundle(run, export)
    click.echo(told(export.folder, manifest))
    return 0


def export_bundle(run: RunDirectory, export: Export) -> Manifest:
    """Write the bundle; raises FaultError."""
    check_forms(export.forms)
    run.create()
    with locked(run), current(run, export.storage) as there:
        record = collect(there, export.storage)
        training = load_data(export.data or read_plan(there).data, os.environ).training
        now = datetime.now(UTC).isoformat(timespec="seconds")
        target = Target(export.folder, now, export.forms)
        return write_bundle(there, record, training, trains_alone(training, run.log), target)


def check_forms(forms: Sequence[Form]) -> None:
    """Raise FaultError where a form needs a package that is not installed."""
    for form in forms:
        package, extra = _NEEDS.get(form, ("", ""))
        if package and importlib.util.find_spec(package) is None:
            advice = f"pip install 'dense-study[{extra}]'"
            raise fault(f"--format {form}", f"{package} is not installed", allowed=advice)


def config_text(run: RunDirectory, form: ConfigForm, storage: str | None) -> str:
    """Return the best config as text; raises FaultError where no trial was completed."""
    with current(run, storage) as there:
        record = collect(there, storage)
        choice = choose(record, read_plan(there).share)
    return render_config(choice.config, provenance(record, choice), form)


def _write_config(path: Path | None, text: str) -> None:
    if path is None:
        click.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise fault(str(path), f"cannot be written: {error.strerror or error}") from error


def told(folder: Path, manifest: Manifest) -> str:
    """Say in a line what a bundle holds."""
    claim = manifest.claim
    return (
        f"{folder}: {manifest.candidate}, {claim.split} accuracy {percent(claim.accuracy)} "
        f"(n = {claim.n:,}, seed {claim.seed}); {len(manifest.files) + 1} files"
    )
