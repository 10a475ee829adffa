"""Train one config from Python."""

import os
from collections.abc import Sequence
from pathlib import Path

from search_spaces.parameters import Params
from study.config import config_from_params
from study.config_file import load_config
from study.data.load import load_data
from study.machine import cores
from study.workflows.train import Trained, TrainRequest, train_seeds

__all__ = ["Trained", "train"]


def train(
    config: Params | str | Path,
    data: str | Path = "digits",
    *,
    seeds: Sequence[int] = (0,),
    save: str | Path | None = None,
    ledger: str | Path | None = None,
    jobs: int | None = None,
) -> Trained:
    """Train a config (params, or the path of its TOML file) under each seed, in worker processes.

    The accuracies are those on a validation split; with `ledger` the config is trained on train +
    validation and the test split is opened, which the file of that name records. `save` is a folder
    for the networks. Raises DenseStudyError.
    """
    chosen = (
        load_config(Path(config)) if isinstance(config, str | Path) else config_from_params(config)
    )
    place, noted = (None if one is None else Path(one) for one in (save, ledger))
    request = TrainRequest(chosen, tuple(seeds), noted, place)
    loaded = load_data(str(data), os.environ)
    return train_seeds(request, loaded, min(jobs or cores(), len(seeds)), lambda _: None)
