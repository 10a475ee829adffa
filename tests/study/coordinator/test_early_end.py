"""`--stop-when`: a search ends early as its rule says, whatever the timing, and can be extended."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.stopped import Stopped, stopped_words
from reports.trial_record import TrialRecord
from search_spaces.read import load_space
from study.coordinator.asked_trials import AskedFile
from study.coordinator.early_end import Stopping, stopped_search
from study.coordinator.history import History
from study.coordinator.interrupts import Interrupts
from study.workflows.plans import first_plan
from study.workflows.request import Request


def history_of(study):
    asked = AskedFile(study.files.open_lines(study.files.asked)).read()
    return History(asked, study.records())


def stopped(study, test_n=100):
    return stopped_search(study.plan, study.space, test_n, history_of(study))


def best_at(study):
    """Return the place of the best trial among those that were asked one after the other."""
    found = [record.accuracy or 0.0 for record in study.records()]
    return found.index(max(found))


@pytest.mark.slow
def test_a_search_without_progress_ends_and_says_why(make_study, executor):
    study = make_study(trials=60, stop_when="no-progress:6", sampler="random")
    assert study.run(executor()) == "stopped"
    count = len(study.records())
    assert count == best_at(study) + 1 + 6
    assert stopped(study) == Stopped("no-progress", count, 6)
    assert study.notes == [f"the search ends after {count} trials: no better trial for 6 trials"]


@pytest.mark.slow
def test_going_on_with_a_stopped_search_tries_nothing_until_a_total_is_asked_for(
    make_study, executor
):
    study = make_study(trials=60, stop_when="no-progress:4", sampler="random")
    study.run(executor())
    before = study.answers()
    again = executor()
    assert study.run(again) == "stopped"
    assert (study.answers(), again.started) == (before, [])
    study.plan = replace(study.plan, stop_when="never", trials=len(before) + 3)
    assert study.run(executor()) == "done"
    assert study.answers()[: len(before)] == before
    assert len(study.records()) == len(before) + 3
    assert stopped(study) is None


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["no-progress:5", "done"])
def test_with_a_window_the_rule_ends_the_same_search_whatever_the_timing(
    make_study, executor, rule
):
    asked = {"trials": 60, "jobs": 2, "window": 4, "stop_when": rule, "pruner": "median"}
    answers = []
    for timing in range(3):
        study = make_study(**asked)
        assert study.run(executor(slots=2, timing=timing)) == "stopped"
        answers.append((sorted(study.answers(), key=str), stopped(study)))
    assert answers[0] == answers[1] == answers[2]
    # Those that could be asked before the last trial ended that the rule looked at: window - 1.
    assert len(answers[0][0]) == answers[0][1].after + 3


@pytest.mark.slow
def test_trials_under_way_when_the_rule_holds_end_and_are_recorded(make_study, executor):
    study = make_study(trials=60, jobs=3, stop_when="no-progress:3", sampler="random")
    running = executor(slots=3, timing=4)
    assert study.run(running) == "stopped"
    assert len(study.records()) == len(running.started)
    assert {record.state for record in study.records()} == {"complete"}


@pytest.mark.slow
def test_an_interrupted_trial_runs_again_before_the_rule_ends_the_search(make_study, executor):
    study = make_study(trials=60, jobs=2, stop_when="no-progress:8", sampler="random")
    interrupts, first = Interrupts(), executor(slots=2, timing=1)

    def count(_event):
        interrupts.count = int(first.epochs_trained >= 30)

    first.after = count
    assert study.run(first, interrupts) == "interrupted"
    assert history_of(study).in_flight()
    assert study.run(executor(slots=2)) == "stopped"
    assert not history_of(study).in_flight()


@pytest.mark.slow
def test_a_search_whose_trials_all_fail_ends_without_progress(make_study, executor):
    study = make_study(trials=30, stop_when="no-progress:4")
    assert study.run(executor(fail=lambda _job: "diverged")) == "stopped"
    assert len(study.records()) == 5


@pytest.mark.slow
def test_a_rule_that_holds_only_with_the_total_has_ended_nothing(make_study, executor):
    study = make_study(trials=7, stop_when="no-progress:6", sampler="random")
    study.run(executor(fail=lambda job: "diverged" if job.job else None))
    assert len(study.records()) == 7
    assert stopped(study) is None
    assert study.notes == []


@pytest.mark.slow
def test_a_lost_attempt_is_no_trial_of_the_rule(make_study, executor):
    asked = {"trials": 60, "stop_when": "no-progress:6", "sampler": "random"}
    whole, parts = make_study(**asked), make_study(**asked)
    whole.run(executor())
    parts.run(executor(lose=lambda job, epoch: job.job % 4 == 1 and epoch == 1))
    assert any(record.lost for record in parts.records())
    assert stopped(parts) == stopped(whole)


@pytest.mark.slow
def test_done_waits_for_ten_trials_a_parameter_and_depends_on_the_test_images(make_study, executor):
    study = make_study(trials=60, stop_when="done")
    assert study.run(executor()) == "stopped"
    found = stopped(study)
    assert found is not None
    # Four parameters, and the baseline.
    assert found.after >= 41
    assert found.gain < found.detectable
    assert len(study.records()) == found.after
    assert stopped_words(found, "accuracy") in study.notes[0]
    # So many test images would tell what the trials that are left may bring.
    assert stopped(study, test_n=10**9) is None


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=40), st.integers(1, 6))
def test_no_progress_ends_where_the_definition_says(accuracies, patience):
    """The first k so that the best of k trials stands before the last `patience` of them."""
    looked = next(
        (
            k
            for k in range(patience + 1, len(accuracies))
            if best_of(accuracies[: k - patience]) >= best_of(accuracies[:k])
        ),
        None,
    )
    found = ended_after(accuracies, patience)
    assert found == (None if looked is None else Stopped("no-progress", looked, patience))


def ended_after(accuracies, patience):
    """Hold the rule against trials with these accuracies (None: failed), one after the other."""
    space = load_space("four")
    request = Request({"trials": len(accuracies), "stop_when": f"no-progress:{patience}"}, jobs=1)
    stopping = Stopping(first_plan(request, "s", space, "f" * 64), space, 100)
    for order, accuracy in enumerate(accuracies):
        state = "failed" if accuracy is None else "complete"
        record = TrialRecord(order, state, "search", {}, {}, 1, "validation", 10, accuracy)
        stopping.end(order, record)
    return stopping.look_at_all()


def best_of(accuracies):
    return max((one for one in accuracies if one is not None), default=0.0)
