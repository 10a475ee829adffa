"""Random numbers by their statistics, with fixed seeds."""

import numpy as np
import pytest
import tensorflow as tf

from study.engine.layers import drop
from study.engine.randomness import StepRandom, epoch_mixing, epoch_order, layer_seed, step_key


def random_of(seed: int = 1, step: int = 0) -> StepRandom:
    return StepRandom(tf.constant(step_key(seed)), tf.constant(step, tf.int64))


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5, 0.95])
def test_dropout_drops_its_share_and_keeps_the_mean(rate):
    """A million units: the share's standard error is below 0.0005."""
    ones = tf.ones((1000, 1000))
    found, pullback = drop(ones, tf.constant(rate), random_of())
    dropped = float(np.mean(found.numpy() == 0))
    assert dropped == pytest.approx(rate, abs=0.002)
    assert float(tf.reduce_mean(found)) == pytest.approx(1.0, abs=0.02)
    kept = found.numpy()[found.numpy() != 0]
    assert kept.min() == kept.max() == pytest.approx(1 / (1 - rate), rel=2e-4)
    np.testing.assert_array_equal(pullback(ones).numpy(), found.numpy())


def test_dropout_has_no_pattern_along_rows_or_columns():
    found, _ = drop(tf.ones((500, 400)), tf.constant(0.5), random_of())
    kept = (found.numpy() > 0).astype(float)
    for axis in (0, 1):
        means = kept.mean(axis=axis)
        expected = 0.5 / np.sqrt(kept.shape[axis])
        assert means.std() == pytest.approx(expected, rel=0.15)
    shifted = np.corrcoef(kept[:, :-1].ravel(), kept[:, 1:].ravel())[0, 1]
    assert abs(shifted) < 0.01


def test_streams_steps_and_seeds_share_nothing():
    one = random_of()
    words = [one.words(1000), one.words(1000), random_of(step=1).words(1000)]
    words.append(random_of(seed=2).words(1000))
    assert len(np.unique(np.concatenate([w.numpy() for w in words]))) > 3990


def test_the_same_seed_step_and_stream_give_the_same_words():
    np.testing.assert_array_equal(random_of().words(9).numpy(), random_of().words(9).numpy())


def test_a_shorter_draw_is_the_beginning_of_a_longer_one():
    long, short = random_of().bytes([33]), random_of().bytes([8])
    np.testing.assert_array_equal(short.numpy(), long.numpy()[:8])


@pytest.mark.parametrize("threshold", [0, 1, 255, 256, 257, 32767, 62259, 65280])
def test_numbers_of_two_bytes_are_compared_with_a_threshold_exactly(threshold):
    rows, columns = 60, 70
    drawn = random_of().bytes([(rows + 1) * columns]).numpy().astype(int)
    numbers = 256 * drawn[:-columns].reshape(rows, columns) + drawn[-columns:]
    found = random_of().at_least(tf.constant(float(threshold)), tf.constant([rows, columns]))
    np.testing.assert_array_equal(found.numpy(), numbers >= threshold)


def test_uniform_numbers_fill_their_range_evenly():
    found = random_of().uniform([1000, 200]).numpy()
    assert -1 < found.min() < -0.999 < 0.999 < found.max() < 1
    assert found.mean() == pytest.approx(0.0, abs=0.01)
    assert found.std() == pytest.approx(1 / np.sqrt(3), abs=0.005)


def test_bytes_take_all_256_values_evenly():
    counts = np.bincount(random_of().bytes([256_000]).numpy(), minlength=256)
    assert counts.min() > 850
    assert counts.max() < 1150


def test_an_order_visits_every_example_once_and_differs_by_epoch_and_seed():
    orders = [epoch_order(1, 1, 50), epoch_order(1, 2, 50), epoch_order(2, 1, 50)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({order.tobytes() for order in orders}) == 3
    np.testing.assert_array_equal(orders[0], epoch_order(1, 1, 50))


@pytest.mark.parametrize("alpha", [0.2, 1.0, 4.0])
def test_mixing_shares_have_the_beta_distribution_s_moments(alpha):
    shares = epoch_mixing(1, 1, 20_000, alpha)
    assert shares.mean() == pytest.approx(0.5, abs=0.015)
    assert shares.var() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.05)


def test_every_layer_and_seed_has_a_seed_of_its_own():
    seeds = {layer_seed(seed, layer) for seed in range(20) for layer in range(9)}
    assert len(seeds) == 180
    assert all(0 <= seed < 2**31 for seed in seeds)
