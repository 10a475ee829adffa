"""Recorded tables: configs with their whole curves, packed into a small file for each."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_spaces.parameters import Scalar
from study.config import TrainConfig, config_from_params

FOLDER = Path(__file__).parents[1] / "recorded"
TABLES = ("digits-four", "digits-wide", "mnist-four", "mnist-wide")
# How many validation images there are.
VALIDATION_N = {"digits": 240, "mnist": 2000}


@dataclass(frozen=True, eq=False)
class Row:
    """One training: its config, validation accuracies by epoch (fractions), and how it ended.

    `accuracy` is what a trial records, None where the loss became no finite number. Rows of one
    `order` share their config, and differ in their seeds.
    """

    order: int
    config: TrainConfig
    accuracies: NDArray[np.float64]
    accuracy: float | None


@dataclass(frozen=True)
class Recorded:
    """A table: trainings on one data set of configs of one space."""

    data: str
    space: str
    rows: tuple[Row, ...]

    @property
    def n(self) -> int:
        """Return the number of validation images."""
        return VALIDATION_N[self.data]


def pack(lines: Iterable[str], folder: Path = FOLDER) -> None:
    """Add what `record_table.py` recorded, a JSON object a line, to the file of each table."""
    new = [json.loads(line) for line in lines]
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        of_table = [row for row in new if f"{row['data']}-{row['space']}" == name]
        rows = {row["key"]: row for row in (*packed(name, folder), *of_table)}
        ordered = sorted(rows.values(), key=lambda row: (row["order"], row["repeat"]))
        if ordered:
            np.savez_compressed(folder / f"{name}.npz", **_arrays(ordered))
        print(f"{name}: {len(ordered)} trainings")


def packed(name: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Return the trainings of a table's file, as `record_table.py` recorded them."""
    if not (folder / f"{name}.npz").exists():
        return []
    data, space = name.split("-")
    arrays = _arrays_of(name, folder)
    ends = np.cumsum(arrays["epochs"].astype(int))[:-1]
    right, losses = np.split(arrays["right"], ends), np.split(arrays["loss"], ends)
    configs = _configs(arrays)
    return [
        {
            "key": f"{name}-{order}-{repeat}",
            "data": data,
            "space": space,
            "order": int(order),
            "repeat": int(repeat),
            "config": configs[at],
            "accuracy": None if np.isnan(arrays["accuracy"][at]) else arrays["accuracy"][at],
            "accuracies": right[at] / VALIDATION_N[data],
            "losses": losses[at],
            "seconds": [float(arrays["seconds"][at])],
        }
        for at, (order, repeat) in enumerate(zip(arrays["order"], arrays["repeat"], strict=True))
    ]


def _arrays_of(name: str, folder: Path) -> dict[str, NDArray[Any]]:
    with np.load(folder / f"{name}.npz", allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def _configs(arrays: Mapping[str, NDArray[Any]]) -> list[dict[str, Scalar]]:
    names = [key.removeprefix("param:") for key in arrays if key.startswith("param:")]
    return [
        {name: arrays[f"param:{name}"][at].item() for name in names}
        for at in range(len(arrays["order"]))
    ]


def _arrays(rows: list[dict[str, Any]]) -> Mapping[str, Any]:
    n = VALIDATION_N[rows[0]["data"]]
    names = list(rows[0]["config"])
    params = {f"param:{name}": np.array([row["config"][name] for row in rows]) for name in names}
    ends = [row["accuracy"] for row in rows]
    return {
        **params,
        "order": np.array([row["order"] for row in rows], np.uint16),
        "repeat": np.array([row["repeat"] for row in rows], np.uint8),
        "epochs": np.array([len(row["accuracies"]) for row in rows], np.uint8),
        "right": np.concatenate([_right(row["accuracies"], n) for row in rows]),
        "loss": np.concatenate([np.array(row["losses"], np.float16) for row in rows]),
        "seconds": np.array([sum(row["seconds"]) for row in rows], np.float16),
        "accuracy": np.array([np.nan if end is None else end for end in ends], np.float32),
    }


def _right(accuracies: Sequence[float], n: int) -> NDArray[np.uint16]:
    return np.asarray(np.rint(np.array(accuracies) * n), np.uint16)


def load_table(name: str, folder: Path = FOLDER) -> Recorded:
    """Read a table by its name, such as "digits-four"."""
    data, space = name.split("-")
    rows = [
        Row(
            row["order"],
            config_from_params(row["config"]),
            np.array(row["accuracies"], np.float64),
            None if row["accuracy"] is None else float(row["accuracy"]),
        )
        for row in packed(name, folder)
    ]
    return Recorded(data, space, tuple(rows))
