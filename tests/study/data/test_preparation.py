"""Columns are prepared as scikit-learn's own transformers do it, and stay well-conditioned."""

import json
import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer, StandardScaler

from reports.json_values import from_json, to_json
from search_spaces.faults import FaultError
from study.data.columns import Column
from study.data.fitting import QUANTILES, STANDARD_LIMIT, Choices, fit
from study.data.preparation import (
    NOWHERE,
    CategoryFeatures,
    NumberFeatures,
    Preparation,
    apply,
)

NUMBER = Column("number", None)
STANDARD = Choices("standard", 0.01)
FLOATS = st.floats(width=32, allow_infinity=True, allow_nan=True)


def category(levels: int) -> Column:
    return Column("category", tuple(f"level {code:03d}" for code in range(levels)))


def column(*values: float) -> np.ndarray:
    return np.array(values, np.float32)[:, None]


def prepared(column_of: Column, rows: np.ndarray, choices: Choices = STANDARD) -> np.ndarray:
    return apply(fit([column_of], rows, choices), rows)


def rows_of_numbers(n: int, missing: float = 0.0, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows = rng.normal(40, [3.0, 0.5, 500.0], (n, 3)).astype(np.float32)
    rows[rng.random((n, 3)) < missing] = np.nan
    return rows


THREE = [Column(name, None) for name in ("a", "b", "c")]


def test_standardised_numbers_are_those_of_scikit_learn():
    train, new = rows_of_numbers(200), rows_of_numbers(50, seed=1)
    expected = StandardScaler().fit(train.astype(np.float64)).transform(new.astype(np.float64))
    found = apply(fit(THREE, train, STANDARD), new)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_missing_numbers_become_the_median_with_an_indicator_as_scikit_learn_has_it():
    train, new = rows_of_numbers(201, missing=0.2), rows_of_numbers(50, missing=0.3, seed=1)
    scaler = StandardScaler().fit(train.astype(np.float64))
    imputer = SimpleImputer(strategy="median").fit(train.astype(np.float64))
    values = scaler.transform(imputer.transform(new.astype(np.float64)))
    flags = MissingIndicator(features="all").fit(train).transform(new)
    found = apply(fit(THREE, train, STANDARD), new)
    np.testing.assert_allclose(found[:, ::2], values, atol=1e-6)
    np.testing.assert_array_equal(found[:, 1::2], flags)


@pytest.mark.parametrize("n", [31, 200, QUANTILES])
def test_uniform_quantiles_are_those_of_scikit_learn_with_variance_1(n: int):
    train, new = rows_of_numbers(n), rows_of_numbers(500, seed=1)
    oracle = QuantileTransformer(n_quantiles=n, subsample=None).fit(train.astype(np.float64))
    expected = (oracle.transform(new.astype(np.float64)) - 0.5) * np.sqrt(12)
    found = apply(fit(THREE, train, Choices("quantile_uniform", 0.01)), new)
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_normal_quantiles_of_training_rows_are_those_of_scikit_learn():
    train = rows_of_numbers(200)
    oracle = QuantileTransformer(n_quantiles=200, output_distribution="normal", subsample=None)
    expected = oracle.fit_transform(train.astype(np.float64))
    found = apply(fit(THREE, train, Choices("quantile_normal", 0.01)), train)
    inner = np.abs(expected) < 5  # scikit-learn puts the two outermost at 5.2
    assert inner.sum() == train.size - 6
    np.testing.assert_allclose(found[inner], expected[inner], atol=1e-5)
    # The outermost lie half a row's share from the ends: the normal quantile of 1 - 0.5 / 200.
    assert np.abs(found).max() == pytest.approx(2.807034, abs=1e-5)


def test_equal_values_share_the_mean_of_their_ranks():
    rows = column(0, 0, 0, 1, 2)
    found = prepared(NUMBER, rows, Choices("quantile_uniform", 0.01))[:, 0]
    ranks = found / np.sqrt(12) + 0.5
    np.testing.assert_allclose(ranks, [0.25, 0.25, 0.25, 0.75, 1.0], atol=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.03, 0.2])
def test_levels_are_one_hot_as_scikit_learn_has_them(share: float):
    rng = np.random.default_rng(3)
    train = rng.geometric(0.3, (200, 1)).clip(max=12).astype(np.float32) - 1
    new = np.arange(-1, 12, dtype=np.float32)[:, None]
    oracle = OneHotEncoder(
        min_frequency=share or None, handle_unknown="infrequent_if_exist", sparse_output=False
    ).fit(train)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it says that -1 is unknown
        expected = oracle.transform(new)
    found = apply(fit([category(12)], train, Choices("standard", share)), new)
    np.testing.assert_array_equal(found, expected)


def test_a_missing_level_has_a_feature_of_its_own_where_training_rows_had_some():
    train = column(0, 0, 1, 1, np.nan, 2)
    found = fit([category(3)], train, Choices("standard", 0.2))
    assert found.categories == (CategoryFeatures(0, places=(0, 1, 2), unseen=2, missing=3),)
    np.testing.assert_array_equal(
        apply(found, column(0, -1, 2, np.nan)),
        [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
    )


def test_what_no_training_row_had_is_no_feature():
    found = fit([category(3)], column(0, 0, 1, 1), STANDARD)
    assert found.categories == (CategoryFeatures(0, (0, 1, NOWHERE), NOWHERE, NOWHERE),)
    np.testing.assert_array_equal(apply(found, column(2, -1, np.nan, 99)), np.zeros((4, 2)))


def test_columns_that_do_not_vary_have_no_features():
    columns = [NUMBER, category(2), Column("all missing", None), Column("kept", None)]
    rows = np.array([[7, 0, np.nan, 1], [7, 0, np.nan, 2]], np.float32)
    found = fit(columns, rows, STANDARD)
    assert [one.index for one in found.numbers] == [3]
    assert found.categories == ()
    np.testing.assert_allclose(apply(found, rows), [[-1], [1]])


def test_a_constant_column_with_gaps_keeps_its_indicator_alone():
    found = fit([NUMBER], column(7, np.nan, 7), STANDARD)
    assert found.numbers == (NumberFeatures(0, (), (), 7.0, flagged=True),)
    np.testing.assert_array_equal(apply(found, column(np.nan, 3)), [[1], [0]])


def test_rows_of_which_no_column_varies_are_refused():
    with pytest.raises(FaultError) as caught:
        fit([NUMBER], column(1, 1), STANDARD)
    assert str(caught.value) == (
        "columns: no column varies in the rows to train on, so there is nothing to learn from; "
        "allowed: at least one column that varies"
    )


def test_numbers_far_from_0_keep_their_differences():
    rows = column(1e8, 1e8 + 8, 1e8 + 16, 1e8 + 24)
    np.testing.assert_allclose(
        prepared(NUMBER, rows)[:, 0], np.array([-3, -1, 1, 3]) / np.sqrt(5), atol=1e-6
    )


def test_one_wild_value_ends_at_the_limit():
    rows = column(*np.linspace(-1, 1, 999), 1e30)
    found = prepared(NUMBER, rows)
    assert found.max() == pytest.approx(STANDARD_LIMIT)


SCALINGS = st.sampled_from(["standard", "quantile_normal", "quantile_uniform"])
TABLES = arrays.arrays(np.float32, st.tuples(st.integers(2, 40), st.just(2)), elements=FLOATS)


@settings(deadline=None)
@given(TABLES, TABLES, SCALINGS, st.floats(0, 0.5))
@example(np.float32([[3e38, 0], [-3e38, 1]]), np.float32([[0, np.nan]] * 2), "standard", 0.0)
@example(np.float32([[1e-45, 0], [0, 1]]), np.float32([[0, np.nan]] * 2), "quantile_normal", 0.0)
def test_whatever_the_numbers_features_are_small_and_read_back_alike(
    train: np.ndarray, new: np.ndarray, scaling: str, share: float
):
    columns = [NUMBER, category(4)]
    try:
        found = fit(columns, train, Choices(scaling, share))
    except FaultError:
        return
    assert from_json(Preparation, json.loads(json.dumps(to_json(found))), "here") == found
    for rows in (train, new):
        features = apply(found, rows)
        assert features.shape == (len(rows), found.features)
        assert np.abs(features).max() <= 1.01 * STANDARD_LIMIT
    for one in found.numbers:
        knots = np.array(one.knots, np.float32)
        assert (np.diff(knots) > 0).all()
        assert np.isfinite(np.diff(knots)).all()
        assert knots.tolist() == list(one.knots)


@settings(deadline=None)
@given(TABLES, SCALINGS)
def test_the_order_of_training_rows_does_not_matter(train: np.ndarray, scaling: str):
    try:
        found = fit([NUMBER, category(3)], train, Choices(scaling, 0.1))
    except FaultError:
        return
    again = fit([NUMBER, category(3)], train[::-1], Choices(scaling, 0.1))
    np.testing.assert_allclose(apply(found, train), apply(again, train), atol=1e-5)
