"""Train one config from Python."""

import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from search_spaces.data_source import DataOptions
from search_spaces.faults import fault, shown
from search_spaces.parameters import Params
from study.api.argument_faults import faults_of_arguments
from study.api.arguments import (
    DATA_OPTIONS,
    DataLike,
    given_count,
    given_data,
    given_jobs,
    given_params,
)
from study.config import config_from_params
from study.config_file import load_config
from study.data.load import load_data
from study.machine import cores
from study.workflows.train import Trained, TrainRequest, train_seeds

__all__ = ["Trained", "train"]


@faults_of_arguments()
def train(
    config: Params | str | Path,
    data: DataLike = "digits",
    *,
    seeds: Sequence[int] = (0,),
    save: str | Path | None = None,
    ledger: str | Path | None = None,
    jobs: int | None = None,
    **options: Any,
) -> Trained:
    """Train a config (params, or the path of its TOML file) under each seed, in worker processes.

    `data` is what `run` takes, with its `options` of the data. The accuracies are those on a
    validation split; with `ledger` the config is trained on train + validation and the test split
    is opened, which the file of that name records. `save` is a folder for the networks. Raises
    DenseStudyError, TypeError for an unknown option.
    """
    unknown = sorted(set(options) - set(DATA_OPTIONS))
    if unknown:
        raise TypeError(f"no options of train: {', '.join(unknown)}")
    chosen = (
        load_config(Path(config))
        if isinstance(config, str | Path)
        else config_from_params(given_params("config", config))
    )
    place, noted = (None if one is None else Path(one) for one in (save, ledger))
    if not isinstance(seeds, Sequence) or not seeds:
        raise fault("seeds", "no list of seeds", shown(seeds), "at least one, such as (0, 1)")
    request = TrainRequest(
        chosen, tuple(given_count("seeds", one, least=0) for one in seeds), noted, place
    )
    workers = min(given_jobs(jobs) or cores(), len(seeds))
    with TemporaryDirectory(prefix="dense-study-") as folder:
        said = given_data(data, Path(folder), options)
        how = DataOptions(**{name: said[name] for name in DATA_OPTIONS if name in said})
        loaded = load_data(said["data"], os.environ, options=how)
        return train_seeds(request, loaded, workers, lambda _: None)
