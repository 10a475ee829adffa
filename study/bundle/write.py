"""Write a bundle: a folder made whole beside its place, then put there in one step."""

import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from reports.record import StudyRecord
from search_spaces.data_source import DataOptions
from search_spaces.faults import fault
from study.bundle.card import write_card
from study.bundle.config_forms import render_config
from study.bundle.files import hash_files
from study.bundle.ingredients import Ingredients, gather
from study.bundle.manifest import (
    MANIFEST,
    PREDICTIONS,
    PREPARATION,
    TEXTS,
    TYPICAL,
    Manifest,
    render_manifest,
)
from study.bundle.predictions import write_predictions
from study.bundle.preparing import render_preparation
from study.bundle.retraining import Train
from study.bundle.script import write_script
from study.bundle.typical import render_typical, typical_of
from study.data.prepared import prepared_inputs
from study.data.values import TrainingData
from study.file_system import sweep_temporary, temporary_prefix
from study.machine import versions
from study.networks.tasks import Ask, Form, OpenAsk, SaveNetwork, Shape, network_process
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan


@dataclass(frozen=True)
class Target:
    """Where a bundle goes, and the forms of its network beside .keras; `now` is UTC, ISO 8601."""

    folder: Path
    now: str
    forms: tuple[Form, ...] = ()


def write_bundle(
    run: RunDirectory,
    plan: Plan,
    record: StudyRecord,
    training: TrainingData,
    train: Train,
    target: Target,
    open_ask: OpenAsk | None = None,
) -> Manifest:
    """Write a study's best config as a bundle and return its manifest; an old bundle is replaced.

    `train` trains on train + validation where the weights of the confirmation are not at hand,
    `open_ask` starts the process that writes the network, None for one that logs to the run's log.
    Raises FaultError where the data is not the study's, nothing was completed, the training failed
    or the folder cannot be written.
    """
    _check_target(target.folder)
    ingredients = gather(run, record, plan.share, training, train)
    parent = target.folder.absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        sweep_temporary(parent, target.folder)
        # The temporary folder lies beside its place: a rename needs one file system.
        with tempfile.TemporaryDirectory(
            dir=parent, prefix=temporary_prefix(target.folder)
        ) as made:
            folder = Path(made) / "bundle"
            folder.mkdir()
            with (open_ask or partial(network_process, run.workers_log))() as ask:
                _write_files(folder, ingredients, ask, target.forms)
            manifest = _manifest(folder, ingredients, target.now, plan.data_options())
            (folder / MANIFEST).write_bytes(render_manifest(manifest))
            _put(folder, target.folder)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise fault(str(target.folder), what) from error
    return manifest


def _check_target(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise fault(str(folder), "not a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise fault(str(folder), "holds something else", allowed="a new folder, or an old bundle")


def _write_files(folder: Path, made_of: Ingredients, ask: Ask, forms: tuple[Form, ...]) -> None:
    choice, about = made_of.choice, made_of.training.about
    texts = (
        render_config(choice.config, made_of.provenance, "toml"),
        render_config(choice.config, made_of.provenance, "json"),
        write_script(choice.config, about, choice.seed, made_of.provenance),
        write_card(made_of),
    )
    for name, text in zip(TEXTS, texts, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    predictions = write_predictions(made_of.record, made_of.evaluated)
    if predictions is not None:
        (folder / PREDICTIONS).write_bytes(predictions)
    (folder / TYPICAL).write_bytes(render_typical(typical_of(_prepared(made_of))))
    if made_of.preparation is not None:
        (folder / PREPARATION).write_bytes(render_preparation(made_of.preparation))
    shape = Shape(choice.config, made_of.features, len(about.classes))
    # Beside the bundle, so that it goes away with the folder that both are made in.
    weights, preparation = made_of.trained.weights, made_of.preparation
    ask(SaveNetwork(shape, weights, folder, ("keras", *forms), folder.parent, preparation))


def _prepared(made_of: Ingredients) -> TrainingData:
    """Return the training data as the network takes it."""
    training, examples = made_of.training, made_of.training.examples
    inputs = prepared_inputs(examples.inputs, made_of.preparation)
    return replace(training, examples=replace(examples, inputs=inputs))


def _manifest(folder: Path, made_of: Ingredients, now: str, read_as: DataOptions) -> Manifest:
    return Manifest(
        form=1,
        study=made_of.record.name,
        candidate=made_of.choice.candidate,
        created=now,
        seed=made_of.choice.seed,
        weights_hash=made_of.trained.weights_hash,
        about=made_of.training.about,
        features=int(made_of.training.examples.inputs.shape[1]),
        train_n=made_of.training.examples.n,
        bright_background=made_of.bright_background,
        claim=made_of.choice.claim,
        ledger_chain=made_of.ledger_chain,
        versions=versions(),
        machine=made_of.trained.machine,
        files=hash_files(folder),
        read_as=read_as,
        temperature=made_of.temperature,
    )


def _put(made: Path, target: Path) -> None:
    old = made.parent / "old"
    if target.exists():
        target.rename(old)
    try:
        made.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    # What is old goes away with the temporary folder.
