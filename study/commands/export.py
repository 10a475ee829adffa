"""`export`: write a study's best config as a bundle, or as a config file alone."""

from pathlib import Path
from typing import cast

import click

from reports.numbers import percent
from study.bundle.config_forms import CONFIG_FORMS, ConfigForm
from study.bundle.manifest import Manifest
from study.commands import data_options
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.streams import say
from study.networks.tasks import Form
from study.record.snapshot import find_run
from study.run_dir.outputs import write_output
from study.workflows.export import Export, config_text, export_bundle


@click.command(
    "export",
    epilog=examples(
        "dense-study export four-digits",
        "dense-study export four-digits --config-format toml --to best.toml",
        "dense-study export four-digits --trial 12 --config-format toml --to trial-12.toml",
    ),
)
@click.argument("name", shell_complete=study_names)
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
@click.option(
    "--trial",
    type=click.IntRange(0),
    metavar="NUMBER",
    help="With --config-format: the config of this trial instead of the best one.",
)
@data_options.data_now()
@options.storage
@options.runs_dir
def command(
    *,
    name: str,
    to: Path | None,
    forms: tuple[str, ...],
    config_format: str | None,
    trial: int | None,
    data: str | None,
    storage: str | None,
    runs_dir: Path,
) -> int:
    """Write a study's best config as a bundle that can be used, checked and retrained."""
    run = find_run(runs_dir, name, storage)
    if config_format is not None:
        if forms:
            raise click.UsageError("--config-format writes the config alone: leave out --format")
        text = config_text(run, cast("ConfigForm", config_format), storage, trial)
        _write_config(to, text)
        return 0
    if trial is not None:
        raise click.UsageError("--trial gives a config alone: add --config-format")
    asked = cast("tuple[Form, ...]", tuple(dict.fromkeys(forms)))
    export = Export(to or run.best, asked, data, storage)
    manifest = export_bundle(run, export)
    say(bundle_line(export.folder, manifest))
    return 0


def _write_config(path: Path | None, text: str) -> None:
    if path is None:
        say(text, nl=False)
        return
    write_output(path, text.encode())


def bundle_line(folder: Path, manifest: Manifest) -> str:
    """Say in a line what a bundle holds."""
    claim = manifest.claim
    return (
        f"{folder}: {manifest.candidate}, {claim.split} accuracy {percent(claim.accuracy)} "
        f"(n = {claim.n:,}, seed {claim.seed}); {len(manifest.files) + 1} files"
    )
