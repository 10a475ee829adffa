"""What is kept of an opening: the classes, and what losses, networks gave to the test images."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.statistics.crossed import Correct
from reports.statistics.groups import Groups
from reports.statistics.scores import Scores, scores
from reports.statistics.weighting import Weights
from reports.trials import BASELINE
from search_spaces.faults import fault
from search_spaces.measures import MEASURES, MeasureName
from study.data.broken_archives import BROKEN
from study.data.values import Pixels
from study.run_dir.paths import RunDirectory

Classes = NDArray[np.int32]
Losses = NDArray[np.float32]
Probabilities = NDArray[np.float32]
# So many test images of either kind (gained, lost) are kept to be looked at.
_SHOWN = 12
_RESERVED = ("labels", "shown", "images")
_GROUPS, _WEIGHTS = "groups", "weights"
_PROBABILITIES = "probabilities"
# Between a measure's name and the weights whose row values are kept.
_OF = " of "


@dataclass(frozen=True)
class Pair:
    """The weights, by hash, of winner and baseline under the first seed; `name` is the winner's."""

    name: str
    winner: str
    baseline: str

    @property
    def names(self) -> dict[str, str]:
        """Return the weights' hashes by candidate."""
        return {self.name: self.winner, BASELINE: self.baseline}


@dataclass(frozen=True, eq=False)
class Evaluated:
    """Test labels (n,) and the classes (n,) that weights gave, by the weights' hash.

    `losses` has the rows' values (n,) of log loss or Brier score, by measure and hash. `images`
    holds by index the few test images on which the pair of an opening differed. `groups` says
    which images belong together (n,), None where each stands for itself; `weights` (n,) how much
    each counts, None where all count the same. `probabilities` has those (n, classes) of the
    winner's network of that pair, by hash.
    """

    labels: Classes
    classes: Mapping[str, Classes]
    images: Mapping[int, Pixels]
    groups: Groups | None = None
    losses: Mapping[tuple[MeasureName, str], Losses] = field(default_factory=dict)
    probabilities: Mapping[str, Probabilities] = field(default_factory=dict)
    weights: Weights | None = None

    def holds(self, weights_hash: str, measure: MeasureName) -> bool:
        """Tell whether the measure of these weights follows from what is kept."""
        is_kept = not needs_losses(measure) or (measure, weights_hash) in self.losses
        return weights_hash in self.classes and is_kept

    def scores(self, hashes: Sequence[str], measure: MeasureName) -> Scores:
        """Return what weights scored on the test images."""
        own = MEASURES[measure]
        losses = None
        if needs_losses(measure):
            losses = np.stack([self.losses[measure, one] for one in hashes]).astype(np.float64)
        return scores(own, self.correct(hashes), self.labels, losses, self.weights)

    def correct(self, hashes: Sequence[str]) -> Correct:
        """Return who was correct (networks, n)."""
        found: Correct = np.stack([self.classes[one] for one in hashes]) == self.labels
        return found

    def differing(self, pair: Pair) -> tuple[int, ...]:
        """Return the first images that only the pair's first got right, then only its second."""
        first, second = self.correct((pair.winner, pair.baseline))
        gained, lost = np.flatnonzero(first & ~second), np.flatnonzero(second & ~first)
        return (*gained[:_SHOWN].tolist(), *lost[:_SHOWN].tolist())


def read_evaluated(run: RunDirectory) -> Evaluated | None:
    """Return what earlier openings left; raises FaultError where it is damaged."""
    if not run.test_predictions.exists():
        return None
    try:
        with run.test_predictions.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        labels, shown, images = (arrays.pop(name) for name in _RESERVED)
        # Not in files of older versions.
        groups, weights = arrays.pop(_GROUPS, None), arrays.pop(_WEIGHTS, None)
        losses = {
            (measure, name.removeprefix(measure + _OF)): arrays.pop(name)
            for measure in MEASURES
            for name in tuple(arrays)
            if name.startswith(measure + _OF)
        }
        sure = {
            name.removeprefix(_PROBABILITIES + _OF): arrays.pop(name)
            for name in tuple(arrays)
            if name.startswith(_PROBABILITIES + _OF)
        }
        kept = dict(zip(shown.tolist(), images, strict=True))
        return Evaluated(labels, arrays, kept, groups, losses, sure, weights)
    except (*BROKEN, KeyError) as error:
        raise fault(str(run.test_predictions), f"cannot be read: {error}") from error


def is_evaluated(run: RunDirectory, weights_hash: str, measure: MeasureName = "accuracy") -> bool:
    """Tell whether what the test images said of these weights is kept; raises FaultError."""
    found = read_evaluated(run)
    return found is not None and found.holds(weights_hash, measure)


def needs_losses(measure: MeasureName) -> bool:
    """Tell whether a measure is more than which class is the most probable one."""
    return "accuracy" not in measure


def write_evaluated(run: RunDirectory, found: Evaluated) -> None:
    """Write predictions whole or not at all; raises FaultError."""
    content = io.BytesIO()
    shown = np.array(sorted(found.images), dtype=np.int64)
    images = np.stack([found.images[index] for index in shown.tolist()]) if len(shown) else shown
    arrays: dict[str, Any] = {"labels": found.labels, "shown": shown, "images": images}
    if found.groups is not None:
        arrays[_GROUPS] = found.groups
    if found.weights is not None:
        arrays[_WEIGHTS] = found.weights
    arrays |= {measure + _OF + one: losses for (measure, one), losses in found.losses.items()}
    arrays |= {_PROBABILITIES + _OF + one: sure for one, sure in found.probabilities.items()}
    np.savez_compressed(content, **arrays, **found.classes)  # type: ignore[arg-type]
    run.write_bytes(run.test_predictions, content.getvalue())
