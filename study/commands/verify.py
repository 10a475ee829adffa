"""`verify`: check a bundle's hashes, then its weights by retraining."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from study.bundle.read import Bundle, read_bundle
from study.bundle.verification import Verified, VerifyContext, verify_weights
from study.commands import data_options
from study.commands import shared_options as options
from study.commands.examples import examples
from study.commands.json_option import as_json
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
        "dense-study verify runs/four-digits/best --json",
    ),
)
@click.argument("bundle", type=click.Path(path_type=Path))
@data_options.data_now("Where its data lies now.  [default: as in its manifest]")
@click.option("--hashes-only", is_flag=True, help="Check the files alone; retrain nothing.")
@as_json("Print what was found as JSON.")
def command(*, bundle: Path, data: str | None, hashes_only: bool, as_json: bool) -> int:
    """Check a bundle: every file's hash, then its weights by retraining."""
    checked = read_bundle(bundle)
    files = len(checked.manifest.files) + 1
    if not as_json:
        say(f"{bundle}: all {files} files are unchanged")
    verified = None if hashes_only else verify_bundle(checked, data or checked.manifest.about.name)
    if as_json:
        retrained = None if verified is None else asdict(verified)
        say(json.dumps({"bundle": str(bundle), "files": files, "retrained": retrained}, indent=1))
    elif verified is not None:
        say(f"{bundle}: {verified.sentence}")
    return 0


def verify_bundle(bundle: Bundle, data: str) -> Verified:
    """Retrain and return how the bundle proved itself; raises FaultError where it does not."""
    loaded = load_data(data, os.environ, options.say_beside, bundle.manifest.read_as)
    options.say_beside(f"Retraining under seed {bundle.manifest.seed} ...")
    with temporary_run() as run:
        trains = trains_alone(loaded.training, run.workers_log)
        context = VerifyContext(trains, run.workers_log, ledger_of(bundle), options.say_beside)
        return verify_weights(bundle, loaded, context)


def ledger_of(bundle: Bundle) -> Path:
    """Return where an opening is noted: the study's ledger, else a file beside the bundle."""
    folder = bundle.folder.absolute()
    own = folder.parent / "ledger.jsonl"
    return own if own.is_file() else folder.parent / f"{folder.name}{LEFT_LEDGER}"
