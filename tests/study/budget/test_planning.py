"""What there is time for, by pure functions: never more than is left, and more with more time."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import FaultError
from study.budget.asked import Asked, check_budget
from study.budget.costs import Measured, Sizes, TrainingCosts
from study.budget.planning import (
    Situation,
    closing_seconds,
    confirmation_seconds,
    confirmation_that_fits,
    final_seconds,
    makespan,
    planned_search,
    search_seconds,
    seeds_that_fit,
    target,
    trial_fits,
)
from study.budget.shapes import Shape
from study.config import TrainConfig

BASELINE = TrainConfig(width=128, epochs=5)
SIZES = Sizes(784, 10, 1 / 6)
ASKED = Asked(confirm=True, top=3, rounds=3, seeds=5, most=20)
LEAST = Shape(1, 1, 2)
CONFIGS = st.builds(
    TrainConfig,
    width=st.integers(8, 512),
    depth=st.integers(1, 3),
    epochs=st.integers(1, 30),
    batch_size=st.integers(16, 512),
)


def costs(seconds, *more):
    return TrainingCosts(BASELINE, SIZES, (Measured(BASELINE, 5, seconds), *more))


@st.composite
def situations(draw):
    budget = draw(st.floats(20, 1e5))
    candidates = tuple(draw(st.lists(CONFIGS, max_size=3)))
    return Situation(
        budget=budget,
        left=draw(st.floats(0, budget)),
        searched=draw(st.floats(0, 1e4)),
        start=draw(st.floats(1, 60)),
        slots=draw(st.integers(1, 64)),
        costs=costs(draw(st.floats(0.01, 1000))),
        candidates=candidates,
        asked=draw(
            st.builds(
                Asked,
                confirm=st.just(True),
                top=st.integers(1, 5),
                rounds=st.integers(1, 4),
                seeds=st.one_of(st.none(), st.integers(1, 10)),
                most=st.integers(10, 20),
            )
        ),
    )


@given(situations())
def test_a_confirmation_that_fits_takes_hardly_more_than_is_left(situation):
    shape = confirmation_that_fits(situation)
    if shape is not None:
        needed = confirmation_seconds(situation, shape) + closing_seconds(situation, shape.seeds)
        assert needed <= situation.left + 0.05 * situation.budget


@given(situations())
def test_the_search_keeps_at_least_half_of_the_time_unless_the_least_takes_more(situation):
    shape = target(situation)
    least = min(2, situation.asked.most, situation.asked.seeds or 2)
    if shape != Shape(1, 1, least):
        left = situation.left - closing_seconds(situation, shape.seeds)
        half = (left + situation.searched) / 2
        assert confirmation_seconds(situation, shape) <= half + 1e-6


@given(situations(), CONFIGS)
def test_a_trial_that_fits_leaves_the_confirmation_its_time(situation, config):
    shape = target(situation)
    if trial_fits(situation, shape, config, ()):
        after = replace(situation, left=situation.left - situation.costs.seconds(config))
        assert search_seconds(after, shape) >= 0


@given(situations(), CONFIGS, st.integers(0, 5))
def test_more_time_never_means_fewer_seeds(situation, winner, done):
    longer = replace(situation, left=situation.left + 100)
    fewer = seeds_that_fit(situation, winner, done)
    assert done <= fewer <= seeds_that_fit(longer, winner, done)
    assert fewer <= max(done, situation.asked.most)


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=30), st.integers(1, 40))
def test_a_makespan_lies_between_what_no_order_beats_and_one_after_the_other(seconds, slots):
    found = makespan(seconds, slots)
    assert max(*seconds, sum(seconds) / slots) <= found * (1 + 1e-9)
    assert found <= sum(seconds) * (1 + 1e-9)


@given(CONFIGS, st.floats(0.01, 1000))
def test_costs_grow_with_epochs_and_scale_with_what_was_measured(config, seconds):
    found = costs(seconds)
    longer = replace(config, epochs=config.epochs + 1)
    assert found.seconds(longer) >= found.seconds(config) > 0
    tenfold = costs(10 * seconds)
    assert tenfold.seconds(config) == pytest.approx(10 * found.seconds(config), rel=1e-6, abs=0.02)


def test_the_baseline_alone_is_met_exactly():
    assert costs(3.0).seconds(BASELINE) == pytest.approx(3.0)


def test_later_trainings_weigh_more():
    slow = [Measured(replace(BASELINE, dropout=n / 100), 5, 4.5) for n in range(30)]
    assert costs(3.0, *slow).seconds(replace(BASELINE, dropout=0.5)) == pytest.approx(4.5, rel=0.05)


def test_a_config_that_was_trained_is_scaled_to_its_own_seconds():
    own = replace(BASELINE, width=512)
    one = Measured(own, 5, 50.0)
    like = replace(own, dropout=0.5)
    found = costs(3.0, one, one, one)
    assert found.seconds(like) < found.seconds(own) < 50.0
    # With three of its own it is three quarters of the way, on a scale of ratios.
    ratio = found.seconds(own) / found.seconds(like)
    assert ratio == pytest.approx((50.0 / found.seconds(like)) ** 0.75)


def test_pruned_epochs_are_not_taken_for_all():
    # What does not grow is 15 % of the baseline, as long as nothing else is known.
    part = Measured(BASELINE, 2, 3.0 * (0.15 + 0.85 * 2 / 5))
    assert TrainingCosts(BASELINE, SIZES, (part,)).seconds(BASELINE) == pytest.approx(3.0)


def test_a_plan_has_its_trials_and_its_confirmation():
    situation = Situation(600.0, 580.0, 0.0, 20.0, 2, costs(4.0), (), ASKED)
    found = planned_search(situation, target(situation), 20.0, 1)
    assert (found.top, found.rounds, found.seeds) == (3, 3, 5)
    # Of 600 s: openings, report and bundle 32, three rounds on two workers 12, five seeds 24.
    assert found.search_until == pytest.approx(600 - 32 - 12 - 24)
    assert found.trials == 1 + int((found.search_until - 20) * 2 / 4.0)


def test_looks_have_time_for_all_of_their_seeds():
    situation = Situation(1e5, 1e5, 0.0, 10.0, 1, costs(1.0), (), replace(ASKED, seeds=None))
    assert target(situation).seeds is None
    looks = final_seconds(situation, replace(BASELINE, epochs=9), None)
    each = costs(1.0).whole_seconds
    winner = replace(BASELINE, epochs=9)
    assert looks == pytest.approx(20 * (each(winner) + each(BASELINE)))


def test_looks_for_which_there_is_no_time_become_a_number_of_seeds():
    situation = Situation(120.0, 100.0, 0.0, 10.0, 1, costs(1.0), (), replace(ASKED, seeds=None))
    assert target(situation) == Shape(3, 3, 5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"budget_seconds": 5.0},
            (
                "--budget: too short for the start, a baseline, one candidate and a confirmation; "
                "got 5.0 s; allowed: 20 s or more"
            ),
        ),
        (
            {"budget_seconds": 60.0, "timeout_seconds": 30.0},
            (
                "--budget: the time is limited already: a budget has the search end by itself; "
                "got --timeout too; allowed: one of both"
            ),
        ),
        (
            {"budget_seconds": 60.0, "ablate": True},
            (
                "--budget: an ablation takes as many trainings as it needs; got --ablate too; "
                "allowed: dense-study confirm --ablate afterwards"
            ),
        ),
    ],
)
def test_a_budget_that_cannot_be_kept_is_refused(changes, message):
    with pytest.raises(FaultError) as caught:
        check_budget(changes)
    assert str(caught.value) == message


def test_a_training_that_is_scored_on_folds_is_one_on_each_of_them():
    # On a fifth less rows each, five times.
    sizes = Sizes(784, 10, 1 / 5, 5)
    found = TrainingCosts(BASELINE, sizes, (Measured(BASELINE, 5, 20.0),))
    assert found.seconds(BASELINE) == pytest.approx(20)
    assert found.whole_seconds(BASELINE) == pytest.approx(20 / (0.8 * 5))


def test_a_trial_that_was_pruned_in_the_first_fold_is_measured_as_its_part():
    whole = TrainingCosts(BASELINE, replace(SIZES, folds=5), (Measured(BASELINE, 5, 20.0),))
    # Of 5 epochs on 5 folds it trained 4 on one.
    part = TrainingCosts(BASELINE, replace(SIZES, folds=5), (Measured(BASELINE, 0.8, 20.0),))
    assert part.seconds(BASELINE) > 2 * whole.seconds(BASELINE)
