import numpy as np
import pytest

from reports.statistics.selection_bias import selection_bias


def test_the_lead_in_the_search_is_held_against_the_leads_of_the_race() -> None:
    estimate, interval = selection_bias(0.02, [0.005, 0.011, 0.008], 0.003, 8)
    assert estimate == pytest.approx(0.012)
    half = 2.306004 * 0.003 * np.sqrt(1 + 2 / 3)  # Student's t with 8 degrees of freedom
    assert (interval.low, interval.high) == pytest.approx((0.012 - half, 0.012 + half))
    assert interval.level == 0.95


@pytest.mark.parametrize(("configs", "seeds"), [(1, 5), (30, 5), (30, 3)])
def test_the_interval_holds_the_luck_of_the_chosen_trial_however_hard_its_split_was(
    configs: int, seeds: int
) -> None:
    rng = np.random.default_rng(configs)
    studies, rounds, noise = 4000, 3, 0.004
    luck = rng.normal(0, noise, (studies, configs)).max(axis=1)
    baseline = rng.normal(0, noise, studies)
    # What a split does to all stands in both trials, and is not what is asked for.
    hard = rng.normal(0, 0.02, studies)
    ahead = (luck + hard) - (baseline + hard)
    again = rng.normal(0, noise * np.sqrt(2), (studies, rounds))
    df = 2 * (seeds - 1)
    measured = noise * np.sqrt(rng.chisquare(df, studies) / df)
    found = [
        selection_bias(a, list(b), m, df)[1] for a, b, m in zip(ahead, again, measured, strict=True)
    ]
    held = np.mean([one.low <= x <= one.high for one, x in zip(found, luck, strict=True)])
    assert 0.94 <= held <= 0.96
