"""Learning rates by their formulas, and against Keras's own schedules."""

import keras
import numpy as np
import pytest

from study.config import config_from_params
from study.engine.schedule import StepRow, learning_rates, step_table


def rates(steps: int, **params) -> np.ndarray:
    return learning_rates(config_from_params({"learning_rate": 0.02} | params), steps)


def test_a_constant_rate_stays():
    assert rates(4).tolist() == [0.02] * 4


@pytest.mark.parametrize("final", [0.0, 0.25])
def test_cosine_without_warmup_is_keras_cosine_decay(final):
    theirs = keras.optimizers.schedules.CosineDecay(0.02, decay_steps=19, alpha=final)
    expected = [float(theirs(step)) for step in range(20)]
    np.testing.assert_allclose(rates(20, schedule="cosine", final_rate=final), expected, atol=1e-8)


def test_steps_are_keras_staircase():
    theirs = keras.optimizers.schedules.ExponentialDecay(
        0.02, decay_steps=6, decay_rate=0.5, staircase=True
    )
    expected = [float(theirs(step)) for step in range(20)]
    ours = rates(20, schedule="step", step_every=0.3, step_factor=0.5)
    np.testing.assert_allclose(ours, expected, rtol=1e-6)


def test_warmup_rises_evenly_to_the_top_and_then_falls():
    found = rates(20, schedule="cosine", warmup=0.2, final_rate=0.1)
    np.testing.assert_allclose(found[:4], [0.004, 0.008, 0.012, 0.016])
    assert found[4] == found.max() == pytest.approx(0.02)
    assert found[-1] == pytest.approx(0.002)
    assert (np.diff(found[4:]) < 0).all()


def test_one_cycle_starts_at_a_25th_and_rises_along_a_cosine():
    found = rates(20, schedule="one_cycle", warmup=0.5)
    assert found[0] == pytest.approx(0.02 / 25)
    assert found[5] == pytest.approx((0.02 + 0.02 / 25) / 2)
    assert found[10] == pytest.approx(0.02)
    assert found[-1] == pytest.approx(0.0)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one_cycle", "step"])
@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize("warmup", [0.0, 0.9])
def test_the_shortest_trainings_have_finite_rates(schedule, steps, warmup):
    found = rates(steps, schedule=schedule, warmup=warmup)
    assert found.shape == (steps,)
    assert ((found >= 0) & (found <= 0.02 + 1e-12)).all()


def test_the_table_holds_powers_of_the_betas_and_the_average_s_start():
    config = config_from_params({"beta_1": 0.8, "beta_2": 0.9, "ema": 0.99})
    rows = [StepRow(*row) for row in step_table(config, 3)]
    assert [row.ema for row in rows] == pytest.approx([0.0, 0.99, 0.99])
    assert [row.beta_1_power for row in rows] == pytest.approx([0.8, 0.64, 0.512])
    assert [row.beta_2_power for row in rows] == pytest.approx([0.9, 0.81, 0.729])
