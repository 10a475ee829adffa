"""What a user's own network reaches on validation examples: its accuracy, and a study's measure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_spaces.measures import MEASURES, MeasureName
from study.data.row_values import are_probabilities, row_values
from study.data.values import Examples
from study.engine.results import TrainingError
from study.executors.own_model import OwnModel

# The measures of what is answered, whatever the size of the numbers that a model gives.
_OF_ANSWERS = ("accuracy", "balanced_accuracy")


@dataclass(frozen=True)
class Scored:
    """Accuracy and measure of a network, None without validation examples.

    `value` and the standard deviation of a row's, `value_sd`, are None for accuracy too.
    """

    accuracy: float | None = None
    value: float | None = None
    value_sd: float | None = None


class OwnScores:
    """Score a model on validation examples, if there are any."""

    def __init__(
        self, own: OwnModel, held: Examples | None, full_scale: float, measure: MeasureName
    ) -> None:
        self._own, self._held = own, held
        self._full_scale, self._measure = full_scale, measure

    def after_an_epoch(self) -> float | None:
        """Return the measure, None where it is the accuracy, which `fit` itself reports.

        Raises TrainingError.
        """
        return None if self._measure == "accuracy" else self.at_the_end().value

    def at_the_end(self) -> Scored:
        """Return accuracy and measure; raises TrainingError."""
        if self._held is None:
            return Scored()
        found, labels = self._predicted(self._held), self._held.labels
        accuracy = float((found.argmax(axis=1) == labels).mean())
        if self._measure == "accuracy":
            return Scored(accuracy)
        values = row_values(self._measure, found, labels)
        return Scored(accuracy, float(values.mean()), float(values.std()))

    def _predicted(self, held: Examples) -> NDArray[np.float32]:
        found = self._own.predict(held.inputs, self._full_scale)
        if not np.isfinite(found).all():
            raise TrainingError("the model gives answers that are no finite numbers")
        if self._measure not in _OF_ANSWERS and not are_probabilities(found):
            title = MEASURES[self._measure].title
            what = f"{title} needs probabilities, and the model's answers are none"
            raise TrainingError(f"{what}; allowed: from 0 to 1, with a sum of 1 (softmax)")
        return found
