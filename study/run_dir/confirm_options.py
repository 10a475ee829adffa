"""What a confirmation is asked for, with its defaults."""

from dataclasses import dataclass

from study.run_dir.option import option

# The planned looks of `auto`: seeds of each config.
AUTO_LOOKS = (5, 10, 20)
# Seeds of each config in a final.
MOST_SEEDS = 1000


@dataclass(frozen=True)
class ConfirmOptions:
    """How far to go: `seeds` of each config in the final, None for `auto`.

    `margin` is in the unit of the measure, a fraction where that is the accuracy. `top` candidates
    race over `rounds` new seeds and splits. `storage` is the study's Optuna URL where the plan's
    own lost its password.
    """

    seeds: int | None = option(
        5,
        "Seeds of each config in the final; auto looks at 5, 10, 20 and stops at a clear answer.",
    )
    top: int = option(3, "How many of the best configs are retrained in the race.")
    rounds: int = 3
    margin: float = option(
        0.0, "Smallest gain that matters: percentage points, nats of log loss, or Brier score."
    )
    ablate: bool = option(
        False, "Also find which changes brought the gain, by retraining one change at a time."
    )
    storage: str | None = None

    @property
    def looks(self) -> tuple[int, ...]:
        """Return the numbers of seeds at which the test split is looked at."""
        return AUTO_LOOKS if self.seeds is None else (self.seeds,)

    @property
    def trainings(self) -> int:
        """Return the most trainings that race, final and equal compute take."""
        first, most = self.looks[0], self.looks[-1]
        return self.race_trainings + 2 * most + first

    @property
    def race_trainings(self) -> int:
        """Return the most trainings that the race takes; on folds each is one on every fold."""
        return (self.top + 1) * self.rounds

    @property
    def most_trainings(self) -> int | None:
        """Return the most trainings of all, None with `ablate`: that takes as many as it needs."""
        return None if self.ablate else self.trainings
