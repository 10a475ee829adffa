"""The measures that a study may tune and answer on: their names, directions and units."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, get_args

# What may be asked for.
AskedMeasure = Literal["accuracy", "balanced_accuracy", "log_loss", "brier_score"]
# Where the rows of a table have weights, what is asked for is weighted.
MeasureName = (
    AskedMeasure
    | Literal[
        "weighted_accuracy",
        "weighted_balanced_accuracy",
        "weighted_log_loss",
        "weighted_brier_score",
    ]
)
Direction = Literal["maximize", "minimize"]
# A fraction is shown as per cent and its differences in points; nats and scores as they are.
Unit = Literal["fraction", "nats", "score"]
# A probability of 0 is taken to be this, the smallest normal float32.
LEAST_PROBABILITY = 2.0**-126


@dataclass(frozen=True)
class Measure:
    """What a study tunes: the mean over rows of a value that each row has.

    `title` is its name in running text, `worst` its value for a network that is always and surely
    wrong. `asked` is the measure without weights of the rows: itself, where it has none.
    Inside, whatever ranks or compares uses `oriented` values,
    of which more is better; whatever a file, a page or a message shows is the measure's own value.
    """

    name: MeasureName
    title: str
    direction: Direction
    unit: Unit
    worst: float
    asked: AskedMeasure

    def oriented(self, value: float) -> float:
        """Return a value of which more is better; applied twice, it is the value itself."""
        return value if self.direction == "maximize" else -value


_MOST_NATS = -math.log(LEAST_PROBABILITY)
_ASKED = (
    Measure("accuracy", "accuracy", "maximize", "fraction", 0.0, "accuracy"),
    Measure(
        "balanced_accuracy",
        "balanced accuracy",
        "maximize",
        "fraction",
        0.0,
        "balanced_accuracy",
    ),
    Measure("log_loss", "log loss", "minimize", "nats", _MOST_NATS, "log_loss"),
    Measure("brier_score", "Brier score", "minimize", "score", 2.0, "brier_score"),
)
_WEIGHTED: Mapping[AskedMeasure, MeasureName] = MappingProxyType(
    {
        "accuracy": "weighted_accuracy",
        "balanced_accuracy": "weighted_balanced_accuracy",
        "log_loss": "weighted_log_loss",
        "brier_score": "weighted_brier_score",
    }
)
MEASURES: Mapping[MeasureName, Measure] = MappingProxyType(
    {one.name: one for one in _ASKED}
    | {
        _WEIGHTED[one.asked]: replace(one, name=_WEIGHTED[one.asked], title=f"weighted {one.title}")
        for one in _ASKED
    }
)
ACCURACY = MEASURES["accuracy"]
MEASURE_NAMES: tuple[AskedMeasure, ...] = get_args(AskedMeasure)


def scored_by(asked: AskedMeasure, weight: str) -> MeasureName:
    """Return the measure that a study is tuned by, given the column of the rows' weights or ""."""
    return _WEIGHTED[asked] if weight else asked
