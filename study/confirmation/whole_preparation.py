"""What the data of a network on the test split is prepared by."""

from study.data.preparation import Preparation
from study.data.prepared import preparation_of
from study.data.values import TrainingData
from study.executors.own_config import Config, OwnConfig


def whole_preparation(training: TrainingData, config: Config) -> Preparation | None:
    """Return what a training on all training rows fits; None for images.

    A user's own network takes no table (`study.data.suitable`).
    """
    if isinstance(config, OwnConfig):
        return None
    return preparation_of(training, None, config)
