"""Open the test split for trained weights, and keep what they said about it."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reports.record import Opening
from reports.statistics.crossed import Correct
from search_spaces.faults import fault
from study.config import TrainConfig
from study.confirmation.prediction import Classes, Predicting, PredictTask
from study.confirmation.weights import WeightFiles
from study.data.load import LoadedData
from study.data.values import Pixels
from study.ledger import Ledger
from study.run_directory import RunDirectory
from study.vault import open_test

# So many test images of either kind (gained, lost) are kept to be looked at.
_SHOWN = 12
_RESERVED = ("labels", "shown", "images")


@dataclass(frozen=True, eq=False)
class Evaluated:
    """Test labels (n,) and the classes (n,) that weights gave, by the weights' hash.

    `images` holds by index the few test images on which the pair of an opening differed.
    """

    labels: Classes
    classes: Mapping[str, Classes]
    images: Mapping[int, Pixels]

    def right(self, hashes: Sequence[str]) -> Correct:
        """Return who was right (networks, n)."""
        found: Correct = np.stack([self.classes[one] for one in hashes]) == self.labels
        return found

    def differing(self, pair: tuple[str, str]) -> tuple[int, ...]:
        """Return the first images that only the pair's first got right, then only its second."""
        first, second = self.right(pair)
        gained, lost = np.flatnonzero(first & ~second), np.flatnonzero(second & ~first)
        return (*gained[:_SHOWN].tolist(), *lost[:_SHOWN].tolist())


def read_evaluated(run: RunDirectory) -> Evaluated | None:
    """Return what earlier openings left; raises FaultError where it is damaged."""
    if not run.test_predictions.exists():
        return None
    try:
        with np.load(run.test_predictions, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        labels, shown, images = (arrays.pop(name) for name in _RESERVED)
        return Evaluated(labels, arrays, dict(zip(shown.tolist(), images, strict=True)))
    except (OSError, ValueError, KeyError) as error:
        raise fault(str(run.test_predictions), f"cannot be read: {error}") from error


def is_evaluated(run: RunDirectory, weights_hash: str) -> bool:
    """Tell whether the test predictions of these weights are kept."""
    if not run.test_predictions.exists():
        return False
    with np.load(run.test_predictions, allow_pickle=False) as stored:
        return weights_hash in stored.files


def _write_evaluated(run: RunDirectory, found: Evaluated) -> None:
    content = io.BytesIO()
    shown = np.array(sorted(found.images), dtype=np.int64)
    images = np.stack([found.images[index] for index in shown.tolist()]) if len(shown) else shown
    arrays: dict[str, Any] = {"labels": found.labels, "shown": shown, "images": images}
    np.savez_compressed(content, **arrays, **found.classes)  # type: ignore[arg-type]
    run.write_bytes(run.test_predictions, content.getvalue())


@dataclass(frozen=True)
class Door:
    """What an opening needs: the run, the loaded data, a predictor, a clock (UTC, ISO 8601)."""

    run: RunDirectory
    loaded: LoadedData
    predicting: Predicting
    now: Callable[[], str]


def evaluate(
    door: Door, networks: Mapping[str, TrainConfig], pair: tuple[str, str], why: str
) -> Evaluated:
    """Return the test predictions of networks (config by weights hash).

    One opening serves all that were not evaluated before; none is made where all were. The
    predictor runs before the test split is opened, so that a machine that cannot evaluate opens
    nothing. `pair` are the two whose differences will be shown.
    """
    before = read_evaluated(door.run)
    known = dict(before.classes) if before else {}
    missing = [one for one in networks if one not in known]
    if before is not None and not missing:
        return before
    weights = {one: WeightFiles(door.run).load(one) for one in missing}
    about = door.loaded.training.about
    with door.predicting() as predict:
        examples = open_test(door.loaded.test, Ledger(door.run.ledger), why, missing, door.now())
        for one in missing:
            known[one] = predict(PredictTask(networks[one], weights[one], examples, about))
    images = dict(before.images) if before else {}
    found = Evaluated(examples.labels, known, images)
    images |= {index: examples.inputs[index] for index in found.differing(pair)}
    _write_evaluated(door.run, found)
    return found


def opening_number(openings: Sequence[Opening]) -> int:
    """Count the openings that widen the interval.

    A planned look that follows the look before it is paid for by the looks' own levels; the same
    weights opened again (after a crash) tell nothing new.
    """
    counted: set[tuple[str, ...]] = set()
    before: int | None = None
    for opening in openings:
        look = look_of(opening.why)
        if not (look is not None and look > 1 and before == look - 1):
            counted.add(opening.weights)
        before = look
    return max(1, len(counted))


_LOOK = "look "


def look_words(look: int, planned: int) -> str:
    """Say which look of how many an opening is."""
    return f"{_LOOK}{look} of {planned}"


def look_of(why: str) -> int | None:
    """Return the number of the planned look that an opening's reason names, if it names one."""
    _, found, rest = why.rpartition(_LOOK)
    number = rest.split(" ")[0]
    return int(number) if found and number.isdigit() else None
