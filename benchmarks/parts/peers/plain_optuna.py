"""Optuna's own sampler and median pruner around `model.fit`, as its tutorials have it."""

import keras
import optuna
from parts.peers.common import BATCH_SIZES, DROPOUTS, EPOCHS, WIDTHS, asked, classic, keep_best


def main() -> None:
    """Tune until the process is ended."""
    data, seed, best = asked()
    keras.utils.set_random_seed(seed)

    def objective(trial: optuna.Trial) -> float:
        width = trial.suggest_int("width", *WIDTHS, log=True)
        dropout = trial.suggest_float("dropout", *DROPOUTS)
        batch_size = trial.suggest_categorical("batch_size", BATCH_SIZES)
        epochs = trial.suggest_int("epochs", *EPOCHS)
        model = classic(width, dropout)
        accuracy = 0.0
        for epoch in range(epochs):
            history = model.fit(
                data.x,
                data.y,
                batch_size=batch_size,
                initial_epoch=epoch,
                epochs=epoch + 1,
                validation_data=(data.x_valid, data.y_valid),
                verbose=0,
            )
            accuracy = float(history.history["val_accuracy"][-1])
            trial.report(accuracy, epoch)
            if trial.should_prune():
                raise optuna.TrialPruned
        keep_best(best, trial.params, accuracy)
        return accuracy

    sampler = optuna.samplers.TPESampler(seed=seed)
    study = optuna.create_study(
        direction="maximize", sampler=sampler, pruner=optuna.pruners.MedianPruner()
    )
    study.optimize(objective)


if __name__ == "__main__":
    main()
