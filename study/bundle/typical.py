"""What the inputs of a data set look like, so that `predict` can say that one is unlike them."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_spaces.faults import fault
from study.data.broken_archives import BROKEN
from study.data.values import TrainingData

# So many of a class's own training inputs lie within its limit.
WITHIN = 0.999

Values = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Typical:
    """The mean input of each class (classes, features) and how far its inputs lie from it.

    Inputs are divided by their full scale. A distance is the root mean square over features;
    `limits` (classes,) holds 99.9 % of a class's own training inputs.
    """

    means: Values
    limits: Values

    def distances(self, rows: Values) -> Values:
        """Return how far inputs (n, features), in parts of full scale, lie from the nearest class.

        In that class's limits: above 1 an input is further from every class than nearly all of
        that class's own.
        """
        nearest = np.full(len(rows), np.inf, np.float32)
        for mean, limit in zip(self.means, self.limits, strict=True):
            np.minimum(nearest, _distance(rows, mean) / limit, out=nearest)
        return nearest


def typical_of(training: TrainingData) -> Typical:
    """Measure the training inputs, class by class; a class without any is far from everything."""
    examples, about = training.examples, training.about
    means, limits = [], []
    for label in range(len(about.classes)):
        own = examples.inputs[examples.labels == label].astype(np.float32)
        own /= np.float32(about.full_scale)
        mean = own.mean(axis=0) if len(own) else np.full(own.shape[1], np.inf, np.float32)
        means.append(mean)
        limits.append(np.quantile(_distance(own, mean), WITHIN) if len(own) else 0.0)
    # Inputs that are all alike have no distance: the least step that eight bits can show.
    least = np.float32(1 / 255)
    return Typical(np.stack(means), np.maximum(np.array(limits, np.float32), least))


def _distance(rows: Values, mean: Values) -> Values:
    found: Values = np.sqrt(np.mean((rows - mean) ** 2, axis=1))
    return found


def render_typical(typical: Typical) -> bytes:
    """Return it as a .npz file."""
    content = io.BytesIO()
    np.savez_compressed(content, means=typical.means, limits=typical.limits)
    return content.getvalue()


def read_typical(path: Path, features: int, classes: int) -> Typical | None:
    """Read what a bundle says of its training inputs, None in one that is older than this.

    Raises FaultError where the file is damaged.
    """
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            found = Typical(stored["means"], stored["limits"])
    except (*BROKEN, KeyError) as error:
        raise fault(str(path), f"cannot be read: {error}") from error
    if found.means.shape != (classes, features) or found.limits.shape != (classes,):
        raise fault(str(path), "not of this network's shape", found.means.shape)
    return found
