"""Ray Tune's ASHA over random configs: trainings beside one another, one core each."""

import os
from typing import Any

from parts.peers.common import BATCH_SIZES, DROPOUTS, EPOCHS, WIDTHS, asked, classic, keep_best
from ray import init, tune
from ray.tune.schedulers import ASHAScheduler


def main() -> None:
    """Tune until the process is ended."""
    data, seed, best = asked()

    def train(config: dict[str, Any], data: Any = None) -> None:
        model = classic(config["width"], config["dropout"])
        for epoch in range(EPOCHS[1]):
            history = model.fit(
                data.x,
                data.y,
                batch_size=config["batch_size"],
                initial_epoch=epoch,
                epochs=epoch + 1,
                validation_data=(data.x_valid, data.y_valid),
                verbose=0,
            )
            tune.report({"accuracy": float(history.history["val_accuracy"][-1])})

    class KeepBest(tune.Callback):  # type: ignore[misc]
        def on_trial_result(
            self, iteration: int, trials: list[Any], trial: Any, result: dict[str, Any], **_: Any
        ) -> None:
            del iteration, trials, trial
            config = {**result["config"], "epochs": max(EPOCHS[0], result["training_iteration"])}
            is_new = result["training_iteration"] == 1
            keep_best(best, config, result["accuracy"], is_new=is_new)

    init(num_cpus=os.cpu_count(), include_dashboard=False, log_to_driver=False)
    asha = ASHAScheduler(max_t=EPOCHS[1], grace_period=EPOCHS[0], reduction_factor=3)
    tuner = tune.Tuner(
        tune.with_parameters(train, data=data),
        param_space={
            "width": tune.lograndint(WIDTHS[0], WIDTHS[1] + 1),
            "dropout": tune.uniform(*DROPOUTS),
            "batch_size": tune.choice(BATCH_SIZES),
        },
        tune_config=tune.TuneConfig(
            metric="accuracy",
            mode="max",
            scheduler=asha,
            num_samples=-1,
            search_alg=tune.search.BasicVariantGenerator(random_state=seed),
        ),
        run_config=tune.RunConfig(callbacks=[KeepBest()], verbose=0),
    )
    tuner.fit()


if __name__ == "__main__":
    main()
