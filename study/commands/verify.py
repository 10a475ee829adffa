"""`verify`: check a bundle's hashes, then its weights by retraining."""

import os
from pathlib import Path

import click

from study.bundle.read import Bundle, read_bundle
from study.bundle.verification import VerifyContext, verify_weights
from study.commands import data_options
from study.commands import shared_options as options
from study.commands.examples import examples
from study.commands.streams import say
from study.data.load import load_data
from study.run_dir.folder import LEFT_LEDGER
from study.run_dir.temporary import temporary_run
from study.workflows.workers import trains_alone


@click.command(
    "verify",
    epilog=examples(
        "dense-study verify runs/four-digits/best",
        "dense-study verify runs/four-digits/best --hashes-only",
    ),
)
@click.argument("bundle", type=click.Path(path_type=Path))
@data_options.data_now("Where its data lies now.  [default: as in its manifest]")
@click.option("--hashes-only", is_flag=True, help="Check the files alone; retrain nothing.")
def command(*, bundle: Path, data: str | None, hashes_only: bool) -> int:
    """Check a bundle: every file's hash, then its weights by retraining."""
    checked = read_bundle(bundle)
    say(f"{bundle}: all {len(checked.manifest.files) + 1} files are unchanged")
    if not hashes_only:
        verify_bundle(checked, data or checked.manifest.about.name)
    return 0


def verify_bundle(bundle: Bundle, data: str) -> None:
    """Retrain and say how the bundle proved itself; raises FaultError where it does not."""
    loaded = load_data(data, os.environ, options.say_beside)
    say(f"Retraining under seed {bundle.manifest.seed} ...")
    with temporary_run() as run:
        trains = trains_alone(loaded.training, run.log)
        context = VerifyContext(trains, run.log, ledger_of(bundle), say)
        verified = verify_weights(bundle, loaded, context)
    say(f"{bundle.folder}: {verified.sentence}")


def ledger_of(bundle: Bundle) -> Path:
    """Return where an opening is noted: the study's ledger, else a file beside the bundle."""
    folder = bundle.folder.absolute()
    own = folder.parent / "ledger.jsonl"
    return own if own.is_file() else folder.parent / f"{folder.name}{LEFT_LEDGER}"
