"""What the peers of time_to_quality.py share: the data, the network, and where a config goes.

Each is started as `peer.py DATA.npz SEED BEST.json` and is ended from outside when its time is
over. So it writes the best config of all finished trainings whenever there is a better one.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

# The space `four`, in the terms that all tuners share.
WIDTHS = (64, 2048)  # on a logarithmic scale
DROPOUTS = (0.0, 0.6)
BATCH_SIZES = [32, 64, 128, 256, 512]
EPOCHS = (3, 20)


@dataclass(frozen=True, eq=False)
class Data:
    """Images as rows of fractions, and classes."""

    x: NDArray[np.float32]
    y: NDArray[np.int32]
    x_valid: NDArray[np.float32]
    y_valid: NDArray[np.int32]


def asked() -> tuple[Data, int, Path]:
    """Return data, seed and the file for the best config, as the command line has them."""
    data, seed, best = sys.argv[1:]
    with np.load(data) as arrays:
        sides = (arrays["x_train"], arrays["y_train"], arrays["x_valid"], arrays["y_valid"])
    return Data(*sides), int(seed), Path(best)


def classic(width: int, dropout: float) -> keras.Model:
    """Return the classic network, compiled."""
    model = keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dropout(dropout),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dropout(dropout),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def keep_best(path: Path, config: dict[str, Any], accuracy: float, *, is_new: bool = True) -> None:
    """Write a config that is better than what the file holds, and how many trials there were."""
    held = json.loads(path.read_text()) if path.exists() else {"trials": 0, "accuracy": -1.0}
    held["trials"] += is_new
    if accuracy > held["accuracy"]:
        held |= {"config": config, "accuracy": accuracy}
    new = path.with_suffix(".new")
    new.write_text(json.dumps(held))
    new.replace(path)
