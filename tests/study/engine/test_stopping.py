"""Early stopping by hand-made losses."""

import pytest

from study.engine.results import EpochResult
from study.engine.stopping import Best


def follow(patience: int, losses: list[float | None]) -> tuple[list[bool], list[bool]]:
    best, kept, exhausted = Best(patience), [], []
    for number, loss in enumerate(losses, start=1):
        kept.append(best.improves(EpochResult(number, 1.0, loss, None, 0.0)))
        exhausted.append(best.exhausted)
    return kept, exhausted


@pytest.mark.parametrize(
    ("patience", "losses", "kept", "exhausted"),
    [
        (0, [1.0, 2.0, 3.0], [True, True, True], [False, False, False]),
        (0, [None, None], [True, True], [False, False]),
        (1, [1.0, 1.0], [True, False], [False, True]),
        (2, [1.0, 2.0, 0.5, 0.6, 0.7], [True, False, True, False, False], [False] * 4 + [True]),
    ],
    ids=["no patience", "no losses", "equal is not better", "two bad epochs after the best"],
)
def test_the_best_epoch_is_kept_and_patience_runs_out(patience, losses, kept, exhausted):
    assert follow(patience, losses) == (kept, exhausted)
