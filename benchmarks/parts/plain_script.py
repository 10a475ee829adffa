"""The script that throughput.py compares with: Optuna and `model.fit` in one process.

Written as users write it today: `python plain_script.py DATA.npz CONFIGS.json`. Prints one JSON
object with the seconds from the first trial's start to the last one's end.
"""

import json
import sys
import time

import keras
import numpy as np
import optuna


def main(data: str, configs: str) -> None:
    """Train every config and print how long it took."""
    with np.load(data) as arrays:
        x_train, y_train = arrays["x_train"], arrays["y_train"]
        x_valid, y_valid = arrays["x_valid"], arrays["y_valid"]
    classes = int(y_train.max()) + 1
    y_train = keras.utils.to_categorical(y_train, classes)
    y_valid = keras.utils.to_categorical(y_valid, classes)

    def objective(trial: optuna.Trial) -> float:
        width = trial.suggest_int("width", 1, 4096)
        dropout = trial.suggest_float("dropout", 0.0, 0.9)
        model = keras.Sequential(
            [
                keras.Input((x_train.shape[1],)),
                keras.layers.Dense(width, activation="relu"),
                keras.layers.Dropout(dropout),
                keras.layers.Dense(width, activation="relu"),
                keras.layers.Dropout(dropout),
                keras.layers.Dense(classes, activation="softmax"),
            ]
        )
        model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(
            x_train,
            y_train,
            batch_size=trial.suggest_int("batch_size", 1, 4096),
            epochs=trial.suggest_int("epochs", 1, 100),
            validation_data=(x_valid, y_valid),
            verbose=0,
        )
        return float(history.history["val_accuracy"][-1])

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize")
    with open(configs) as file:  # noqa: PTH123 as users write it
        wanted = json.load(file)
    for params in wanted:
        study.enqueue_trial(params)
    began = time.perf_counter()
    study.optimize(objective, n_trials=len(wanted))
    print(json.dumps({"seconds": time.perf_counter() - began, "best": study.best_value}))


if __name__ == "__main__":
    main(*sys.argv[1:])
