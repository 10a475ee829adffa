import numpy as np
import pytest

from reports.statistics.crossed import mean_accuracy, mean_difference


def test_the_mean_difference_is_the_difference_of_the_mean_accuracies(draw):
    winner, baseline = draw(0.97, 0.95, 4, 500)

    spread = mean_difference(winner, baseline)

    assert spread.mean == pytest.approx(winner.mean() - baseline.mean())
    assert (spread.seeds, spread.n) == (4, 500)


def test_variance_components_are_those_of_the_two_way_table():
    # By hand: rows 2 seeds, columns 4 images; mean squares of the textbook's two-way table.
    correct = np.array([[1, 1, 0, 1], [1, 0, 0, 1]], dtype=bool)
    y = correct.astype(float)
    columns = y.mean(axis=0) - y.mean()
    rows = y.mean(axis=1) - y.mean()
    rest = y - y.mean() - columns - rows[:, None]
    ms_image, ms_residual = 2 * (columns**2).sum() / 3, (rest**2).sum() / 3

    spread = mean_accuracy(correct)

    assert spread.residual == pytest.approx(ms_residual)
    assert spread.of_images == pytest.approx((ms_image - ms_residual) / 8)
    assert spread.of_seeds == pytest.approx(np.var([0.75, 0.5], ddof=1) / 2)
    assert spread.df == 1


def test_identical_networks_differ_by_nothing_but_their_seeds_noise(draw):
    winner, _ = draw(0.97, 0.95, 5, 400)

    spread = mean_difference(winner, winner)

    own = mean_accuracy(winner)
    assert spread.mean == 0
    assert spread.of_images == 0
    assert spread.edge == 2 / 400**2
    assert spread.of_seeds == pytest.approx(2 * own.of_seeds)
    assert spread.sampling == pytest.approx(2 * own.sampling)
    assert own.of_seeds == pytest.approx(winner.mean(axis=1).var(ddof=1) / 5)


def test_where_rows_are_equal_the_residual_says_what_they_vary_at_least():
    correct = np.array([[1, 1, 0, 1], [0, 1, 1, 1]], dtype=bool)

    spread = mean_accuracy(correct)

    assert correct.mean(axis=1).var() == 0
    assert spread.of_seeds == 0
    assert spread.sampling == pytest.approx(spread.residual / 4 / 2)
    assert spread.residual > 0


@pytest.mark.parametrize("seeds", [2, 3, 5, 10])
def test_degrees_of_freedom_lie_between_those_of_one_and_somewhat_less_than_welchs(seeds):
    rng = np.random.default_rng(0)
    calm, wild = np.ones((seeds, 100), dtype=bool), rng.random((seeds, 100)) < 0.9

    assert mean_difference(calm, wild).df == pytest.approx(seeds - 1)
    # Welch's would be 2 (seeds - 1).
    expected = (seeds - 1) * (1 + (seeds - 1) / seeds)
    assert mean_difference(wild, wild).df == pytest.approx(expected)
    assert mean_difference(calm, calm).df == seeds - 1


def test_the_edge_is_an_image_gained_and_one_lost_where_all_seeds_err_on_the_same_images():
    winner, baseline = np.ones((3, 50), dtype=bool), np.ones((3, 50), dtype=bool)
    baseline[:, 7] = False

    spread = mean_difference(winner, baseline)

    assert spread.edge == pytest.approx(2 / 50**2)


def test_the_edge_is_smaller_where_seeds_err_on_images_of_their_own():
    winner, baseline = np.ones((3, 50), dtype=bool), np.ones((3, 50), dtype=bool)
    for seed in range(3):
        baseline[seed, 10 * seed : 10 * seed + 8] = False

    # 8 images differ in a seed, none in two: their own effect is nil, one that has one is added.
    assert mean_difference(winner, baseline).edge == pytest.approx(2 / 50**2 * 1 / (8 + 1))


def test_images_on_which_all_seeds_err_count_once_and_others_for_more():
    shared, own = np.ones((2, 100), dtype=bool), np.ones((2, 100), dtype=bool)
    shared[:, :10] = False
    own[0, :10] = own[1, 10:20] = False

    assert mean_accuracy(shared).effective_n == pytest.approx(100)
    # Nothing in common: 9 errors' worth of p (1 - p), held against 5 added that are in common.
    assert mean_accuracy(own).effective_n == pytest.approx(100 * (9 + 5) / 5)


def test_no_error_is_no_proof_of_perfection():
    spread = mean_accuracy(np.ones((5, 200), dtype=bool))

    assert spread.effective_n == 200
    assert spread.images == pytest.approx(1 / 200**2)


@pytest.mark.parametrize("shape", [(1, 50), (3, 1)])
def test_one_seed_or_one_image_has_no_spread(shape):
    message = f"at least 2 seeds and 2 images are needed, got {shape[0]} and {shape[1]}"
    with pytest.raises(ValueError, match=f"^{message}$"):
        mean_accuracy(np.ones(shape, dtype=bool))


def test_sides_of_different_shape_are_refused():
    with pytest.raises(ValueError, match=r"^shapes differ: \(2, 5\) and \(3, 5\)$"):
        mean_difference(np.ones((2, 5), dtype=bool), np.ones((3, 5), dtype=bool))
