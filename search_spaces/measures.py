"""The measures that a study may tune and answer on: their names, directions and units."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

MeasureName = Literal["accuracy", "balanced_accuracy", "log_loss", "brier_score"]
Direction = Literal["maximize", "minimize"]
# A fraction is shown as per cent and its differences in points; nats and scores as they are.
Unit = Literal["fraction", "nats", "score"]
# A probability of 0 is taken to be this, the smallest normal float32.
LEAST_PROBABILITY = 2.0**-126


@dataclass(frozen=True)
class Measure:
    """What a study tunes: the mean over rows of a value that each row has.

    `title` is its name in running text, `worst` its value for a network that is always and surely
    wrong. Inside, whatever ranks or compares uses `oriented` values,
    of which more is better; whatever a file, a page or a message shows is the measure's own value.
    """

    name: MeasureName
    title: str
    direction: Direction
    unit: Unit
    worst: float

    def oriented(self, value: float) -> float:
        """Return a value of which more is better; applied twice, it is the value itself."""
        return value if self.direction == "maximize" else -value


MEASURES: Mapping[MeasureName, Measure] = MappingProxyType(
    {
        measure.name: measure
        for measure in (
            Measure("accuracy", "accuracy", "maximize", "fraction", 0.0),
            Measure("balanced_accuracy", "balanced accuracy", "maximize", "fraction", 0.0),
            Measure("log_loss", "log loss", "minimize", "nats", -math.log(LEAST_PROBABILITY)),
            Measure("brier_score", "Brier score", "minimize", "score", 2.0),
        )
    }
)
ACCURACY = MEASURES["accuracy"]
MEASURE_NAMES: tuple[MeasureName, ...] = get_args(MeasureName)
