"""KerasTuner's Hyperband: it sets the epochs itself, up to the space's most."""

import tempfile
from pathlib import Path
from typing import Any

import keras
import keras_tuner
from parts.peers.common import (
    BATCH_SIZES,
    DROPOUTS,
    EPOCHS,
    WIDTHS,
    Data,
    asked,
    classic,
    keep_best,
)


class Classic(keras_tuner.HyperModel):  # type: ignore[misc]
    """The classic network with what the tuner asks for."""

    def __init__(self, data: Data, best: Path) -> None:
        super().__init__()
        self._data, self._best = data, best

    def build(self, hp: Any) -> keras.Model:
        """Return the network of these hyperparameters."""
        width = hp.Int("width", *WIDTHS, sampling="log")
        return classic(width, hp.Float("dropout", *DROPOUTS))

    def fit(self, hp: Any, model: keras.Model, *args: Any, **kwargs: Any) -> Any:
        """Train, and keep the config where it is the best so far."""
        del args
        batch_size = hp.Choice("batch_size", BATCH_SIZES)
        history = model.fit(self._data.x, self._data.y, batch_size=batch_size, **kwargs)
        config = {name: hp.get(name) for name in ("width", "dropout", "batch_size")}
        config["epochs"] = max(EPOCHS[0], hp.values.get("tuner/epochs", EPOCHS[1]))
        keep_best(self._best, config, float(history.history["val_accuracy"][-1]))
        return history


def main() -> None:
    """Tune until the process is ended."""
    data, seed, best = asked()
    keras.utils.set_random_seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        tuner = keras_tuner.Hyperband(
            Classic(data, best),
            objective="val_accuracy",
            max_epochs=EPOCHS[1],
            hyperband_iterations=1000,
            seed=seed,
            directory=folder,
            project_name="peer",
        )
        tuner.search(validation_data=(data.x_valid, data.y_valid), verbose=0)


if __name__ == "__main__":
    main()
