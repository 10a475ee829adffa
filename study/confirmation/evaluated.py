"""What is kept of an opening: the classes that networks gave to the test images."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.statistics.crossed import Correct
from reports.statistics.groups import Groups
from reports.trials import BASELINE
from search_spaces.faults import fault
from study.data.broken_archives import BROKEN
from study.data.values import Pixels
from study.run_dir.paths import RunDirectory

Classes = NDArray[np.int32]
# So many test images of either kind (gained, lost) are kept to be looked at.
_SHOWN = 12
_RESERVED = ("labels", "shown", "images")
_GROUPS = "groups"


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

    `images` holds by index the few test images on which the pair of an opening differed. `groups`
    says which images belong together (n,), None where each stands for itself.
    """

    labels: Classes
    classes: Mapping[str, Classes]
    images: Mapping[int, Pixels]
    groups: Groups | None = None

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
        groups = arrays.pop(_GROUPS, None)  # not in files of older versions
        return Evaluated(labels, arrays, dict(zip(shown.tolist(), images, strict=True)), groups)
    except (*BROKEN, KeyError) as error:
        raise fault(str(run.test_predictions), f"cannot be read: {error}") from error


def is_evaluated(run: RunDirectory, weights_hash: str) -> bool:
    """Tell whether the test predictions of these weights are kept; raises FaultError."""
    found = read_evaluated(run)
    return found is not None and weights_hash in found.classes


def write_evaluated(run: RunDirectory, found: Evaluated) -> None:
    """Write predictions whole or not at all; raises FaultError."""
    content = io.BytesIO()
    shown = np.array(sorted(found.images), dtype=np.int64)
    images = np.stack([found.images[index] for index in shown.tolist()]) if len(shown) else shown
    arrays: dict[str, Any] = {"labels": found.labels, "shown": shown, "images": images}
    if found.groups is not None:
        arrays[_GROUPS] = found.groups
    np.savez_compressed(content, **arrays, **found.classes)  # type: ignore[arg-type]
    run.write_bytes(run.test_predictions, content.getvalue())
