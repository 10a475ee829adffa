"""Searches in spaces with beliefs, with real Optuna and a simulating executor."""

import pytest

from reports.trial_record import State, TrialRecord
from search_spaces.beliefs import is_believed
from search_spaces.read import read_space
from study.coordinator.asked_trials import AskedFile
from study.coordinator.believing import BELIEVING, Believing

SPACE = """
name = "believing"
parameters.width = { type = "int", low = 16, high = 256, log = true }
parameters.dropout = { type = "float", low = 0.0, high = 0.6, step = 0.1 }
parameters.optimizer = { type = "choice", values = ["adam", "sgd"] }
parameters.momentum = { type = "float", low = 0.0, high = 0.9, when.optimizer = "sgd" }
believe.width = { about = BELIEVED, within = 1.5 }
believe.dropout = { about = 0.2, within = 0.1 }
believe.optimizer = { about = "sgd" }
believe.momentum = { about = 0.5, within = 0.3 }
baseline = { width = 64, dropout = 0.2, epochs = 3 }
fixed = { epochs = 3 }
"""


def believing(about: int):
    return read_space(SPACE.replace("BELIEVED", str(about)), "believing.toml")


def asked(study):
    return AskedFile(study.files.open_lines(study.files.asked)).read()


def test_two_in_three_of_the_first_trials_are_drawn_from_all_that_is_believed(make_study, executor):
    space = believing(120)
    study = make_study(space=space, sampler="tpe", pruner="none", trials=12)
    study.run(executor())
    trials = asked(study)
    drawn = [trial.order for trial in trials if trial.notes.get("believing")]
    assert [order for order in drawn if order < 6] == [1, 2, 4, 5]
    domains = {one.name: one.domain for one in space.parameters}
    for order in drawn:
        params = trials[order].params
        assert set(params) == set(domains)
        assert all(
            is_believed(domains[name], belief, params[name])
            for name, belief in space.beliefs.items()
        )


@pytest.mark.parametrize("sampler", ["random", "qmc"])
def test_samplers_that_learn_nothing_take_no_notice_of_beliefs(make_study, executor, sampler):
    answers = []
    for space in (believing(120), believing(20)):
        study = make_study(space=space, sampler=sampler, pruner="none", trials=9)
        study.run(executor())
        answers.append([trial.params for trial in asked(study)])
        assert not any("believing" in trial.notes for trial in asked(study))
    assert answers[0] == answers[1]


def record(order: int, accuracy: float, state: State = "complete") -> TrialRecord:
    reached = accuracy if state == "complete" else None
    return TrialRecord(order, state, "search", {}, {}, 0, "validation", 100, accuracy=reached)


def after(accuracies: list[tuple[int, bool, float]]) -> Believing:
    """Beliefs that have seen these trials: order, whether drawn from the beliefs, accuracy."""
    found = Believing(believing(120), 1)
    for order, is_drawn, accuracy in accuracies:
        found.restore(order, {BELIEVING: True} if is_drawn else {})
        found.end(order, record(order, accuracy))
    return found


BETTER = [(1, True, 0.9), (2, True, 0.8), (3, False, 0.5), (4, True, 0.7), (6, False, 0.6)]


def test_beliefs_hold_while_trials_drawn_from_them_rank_above_the_others():
    assert after([*BETTER, (9, False, 0.75)]).given(10)
    assert not after([*BETTER, (9, False, 0.75)]).given(12)


def test_beliefs_are_dropped_when_trials_drawn_from_them_rank_no_better():
    worse = [(order, not is_drawn, accuracy) for order, is_drawn, accuracy in BETTER]
    assert after(worse).given(10)
    assert not after([*worse, (9, True, 0.55)]).given(10)
    equal = [(order, is_drawn, 0.9) for order, is_drawn, _ in [*BETTER, (9, False, 0.0)]]
    assert not after(equal).given(10)


def test_a_failed_trial_counts_against_its_side():
    found = after([(1, True, 0.9), (2, True, 0.9), (3, False, 0.8), (6, False, 0.8)])
    found.end(9, record(9, 0.8))
    for order in (4, 5, 7):
        found.restore(order, {BELIEVING: True})
        found.end(order, record(order, 0.0, "failed"))
    assert not found.given(10)


def test_the_baseline_is_on_neither_side():
    found = after([*BETTER, (9, False, 0.75)])
    found.end(0, record(0, 1.0))
    assert found.given(10)


def test_of_later_trials_ever_fewer_are_drawn_from_what_is_believed():
    found = after([*BETTER, (9, False, 0.75)])
    drawn = [bool(found.given(order)) for order in range(1, 1000)]
    assert sum(drawn[:9]) == 6
    assert 10 < sum(drawn[9:99]) < 25
    assert sum(drawn[99:]) < 35


def test_a_wrong_belief_closes_no_part_of_the_range(make_study, executor):
    study = make_study(space=believing(20), sampler="tpe", pruner="none", trials=40)
    study.run(executor())
    trials = asked(study)
    assert not any(trial.notes.get(BELIEVING) for trial in trials[10:])
    assert max(trial.params["width"] for trial in trials) > 150


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["tpe", "nsga2"])
def test_an_interrupted_study_goes_on_with_its_beliefs_as_one_that_was_not(
    make_study, executor, sampler
):
    space = believing(200)
    whole = make_study(space=space, sampler=sampler, pruner="median", trials=20)
    whole.run(executor())
    parts = make_study(space=space, sampler=sampler, pruner="median", trials=20)
    ends = parts.run_in_parts(executor, (7, 15))
    assert ends == [*["interrupted"] * 2, "done"]
    assert parts.answers() == whole.answers()
