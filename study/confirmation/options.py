"""What a confirmation is asked for."""

from dataclasses import dataclass

from reports.statistics.looks import AUTO_LOOKS


@dataclass(frozen=True)
class ConfirmOptions:
    """How far to go: `seeds` a side in the final, None for `auto`; `margin` is a fraction.

    `top` candidates race over `rounds` fresh seeds and splits. `storage` is the study's Optuna URL
    where the plan's own lost its password.
    """

    seeds: int | None = 5
    top: int = 3
    rounds: int = 3
    margin: float = 0.0
    ablate: bool = False
    storage: str | None = None

    @property
    def looks(self) -> tuple[int, ...]:
        """Return the numbers of seeds at which the test split is looked at."""
        return AUTO_LOOKS if self.seeds is None else (self.seeds,)
