"""What the winner's networks of the race gave to the validation rows that they had not seen."""

import io
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reports.record import Retraining
from search_spaces.faults import fault
from study.confirmation.candidates import Candidate
from study.confirmation.on_test_split import TestAccess
from study.confirmation.race import RaceEnd
from study.confirmation.weight_files import WeightFiles
from study.data.broken_archives import BROKEN
from study.data.prepared import preparation_of, prepared_inputs
from study.data.split import Rows, split_rows
from study.data.values import Pixels, Split, TrainingData
from study.executors.own_config import Config, OwnConfig
from study.networks.tasks import classify_task
from study.run_dir.paths import RunDirectory

_ROWS = "rows of "
_PROBABILITIES = "probabilities of "


@dataclass(frozen=True, eq=False)
class Answers:
    """One network's probabilities (n, classes) for rows (n,), indices into the training data."""

    rows: Rows
    probabilities: NDArray[np.float32]


def winner_answers(
    access: TestAccess, raced: RaceEnd, winner: Candidate, searched: Split
) -> tuple[Answers, ...]:
    """Return what each of the winner's networks in the race gave to its own validation rows.

    `winner` is the candidate as it raced, `searched` the search's split, which the race's are like:
    on folds, the first one's network answers. Nothing is trained: networks that are not there any
    more, such as those of a race that an earlier version ran, are left out. Raises FaultError where
    files are damaged or cannot be written.
    """
    own = {
        one.weights_hash: one
        for one in raced.retrainings
        if one.candidate == winner.name and one.weights_hash is not None
    }
    training = access.loaded.training
    splits = {name: _split(one, searched) for name, one in own.items()}
    known, files = read_answers(access.run), WeightFiles(access.run)
    for one in own.keys() & known.keys():
        _check(access.run, known[one], training, splits[one])
    missing = [one for one in own if one not in known and files.has(one)]
    if missing:
        with access.open_ask() as ask:
            for one in missing:
                rows, inputs = _held_out(training, splits[one], winner.config)
                task = classify_task(winner.config, files.load(one), inputs, training.about)
                known[one] = Answers(rows, ask(task))
        write_answers(access.run, known)
    return tuple(known[one] for one in own if one in known)


def read_answers(run: RunDirectory) -> dict[str, Answers]:
    """Return the answers that are kept, by their weights' hash; raises FaultError where damaged."""
    path = run.validation_answers
    if not path.exists():
        return {}
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            hashes = [one.removeprefix(_ROWS) for one in stored.files if one.startswith(_ROWS)]
            return {
                one: Answers(stored[_ROWS + one], stored[_PROBABILITIES + one]) for one in hashes
            }
    except (*BROKEN, KeyError) as error:
        raise fault(str(path), f"cannot be read: {error}") from error


def write_answers(run: RunDirectory, answers: dict[str, Answers]) -> None:
    """Write answers whole or not at all; raises FaultError."""
    content = io.BytesIO()
    arrays = {_ROWS + name: one.rows for name, one in answers.items()}
    sure = {_PROBABILITIES + name: one.probabilities for name, one in answers.items()}
    np.savez_compressed(content, **arrays, **sure)  # type: ignore[arg-type]
    run.write_bytes(run.validation_answers, content.getvalue())


def _check(run: RunDirectory, found: Answers, training: TrainingData, split: Split) -> None:
    """Raise FaultError unless answers are to the rows that a split holds out."""
    _, held = split_rows(training, split)
    expected = (len(held), len(training.about.classes))
    if not np.array_equal(found.rows, held) or found.probabilities.shape != expected:
        what = "holds answers to other rows than those of the study's splits"
        raise fault(str(run.validation_answers), what, allowed="delete it: nothing else is lost")


def _split(one: Retraining, searched: Split) -> Split:
    if one.split_seed is None:
        raise fault(one.candidate, "a training of the race that names no validation split")
    return replace(searched, seed=one.split_seed)


def _held_out(training: TrainingData, split: Split, config: Config) -> tuple[Rows, Pixels]:
    """Return the rows that a split holds out, and their inputs as the network takes them."""
    _, held = split_rows(training, split)
    # A user's own network takes no table (`study.data.suitable`).
    prepared = None if isinstance(config, OwnConfig) else preparation_of(training, split, config)
    return held, prepared_inputs(training.examples.inputs[held], prepared)
