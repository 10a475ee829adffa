"""A trial has one number: in the record, and for anyone who opens the database with Optuna."""

import json
import shutil
from datetime import datetime

import pytest
from optuna.distributions import FloatDistribution
from optuna.trial import TrialState, create_trial

from search_spaces.faults import FaultError
from study.config import config_from_params
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.interrupts import Interrupts
from study.coordinator.projection import LONGEST_WAIT_SECONDS, Projection
from study.coordinator.storage import metric_name, open_storage
from study.executors.protocol import Finished

pytestmark = pytest.mark.slow

STATES = {"complete": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL"}


def check_same(study, but=None):
    """Assert that the database shows each recorded trial as it is, under its own number."""
    shown = {trial.number: trial for trial in study.shown()}
    for record in [one for one in study.records() if one.number != but]:
        trial = shown[record.number]
        curve = {row.epoch: row.validation_accuracy for row in record.curve}
        assert trial.state.name == STATES[record.state]
        assert trial.params == record.params
        assert trial.value == record.accuracy
        assert trial.intermediate_values == curve
        attributes = {"origin": record.origin, "seed": record.seed, "split": "validation"}
        attributes |= {"n": record.n, "seconds": round(record.seconds, 3)}
        attributes |= {} if record.reason is None else {"reason": record.reason}
        attributes |= {} if record.retry_of is None else {"retry_of": record.retry_of}
        assert trial.user_attrs == attributes
        assert trial.system_attrs == {}


def order_of_ends(study):
    lines = (study.folder / "trials.jsonl").read_text().splitlines()
    return [json.loads(line)["number"] for line in lines]


def foreign_trial():
    """Return a trial of somebody else, as `add_trial` takes it."""
    domains = {"x": FloatDistribution(0.0, 1.0)}
    attributes = {"seed": 7, "record": "a word"}
    return create_trial(params={"x": 0.5}, distributions=domains, value=0.1, user_attrs=attributes)


@pytest.mark.parametrize("slow", [lambda _job: False, lambda job: job == 0, lambda job: job % 3])
def test_trials_that_end_out_of_order_have_one_number(make_study, executor, slow):
    study = make_study(trials=14, pruner="median")
    lost = executor(
        slots=2,
        timing=3,
        slow=slow,
        lose=lambda job, epoch: job.job == 5 and epoch == 1,
        fail=lambda job: "diverged" if job.job == 3 else None,
    )
    assert study.run(lost) == "done"
    ends = order_of_ends(study)
    assert ends != sorted(ends)
    assert len(study.shown()) == len(ends) == 15
    check_same(study)
    first = study.shown()[0]
    assert first.user_attrs["origin"] == "baseline"
    assert first.params == {"width": 64, "optimizer": "adam", "epochs": 5}


def test_what_a_dashboard_shows_is_short_and_has_a_name(make_study, executor, optuna_study):
    study = make_study(trials=3)
    study.run(executor(fail=lambda job: "a long word " * 1000 if job.job else None))
    for trial in study.shown():
        for name, value in trial.user_attrs.items():
            assert len(str(value)) <= 200
            assert "\n" not in f"{name}{value}"
    assert study.records()[1].reason == "a long word " * 1000
    assert study.shown()[1].user_attrs["reason"].startswith("a long word a long word")
    assert optuna_study(study).metric_names == [metric_name("accuracy")]
    assert optuna_study(study).best_trial.number == 0


def interrupted(study, running, after):
    """Run a study until so many trials have ended."""
    interrupts, ended = Interrupts(), []

    def count(event):
        ended.extend([event.job] * isinstance(event, Finished))
        interrupts.count = int(len(ended) >= after)

    running.after = count
    assert study.run(running, interrupts) == "interrupted"


def test_an_interrupted_study_shows_all_that_ended_and_goes_on_with_the_same_numbers(
    make_study, executor
):
    study = make_study(trials=9)
    interrupted(study, executor(slots=3, slow=lambda job: job in (0, 4)), 5)
    ended = {record.number for record in study.records()}
    shown = study.shown()
    assert {0, 4} & ended == set()
    assert max(ended) > 4
    assert {trial.number for trial in shown if trial.state == TrialState.RUNNING} >= {0, 4}
    assert {trial.number for trial in shown if trial.state.is_finished()} == ended
    assert shown[0].user_attrs.keys() == {"origin", "seed"}
    assert shown[0].params == {"width": 64, "optimizer": "adam", "epochs": 5}
    check_same(study)

    assert study.run(executor(slots=3)) == "done"
    check_same(study)
    assert [trial.number for trial in study.shown()] == list(range(9))
    for trial, record in zip(study.shown(), study.records(), strict=True):
        times = [datetime.fromisoformat(text) for text in (record.started, record.ended)]
        local = [time.astimezone().replace(tzinfo=None) for time in times]
        assert [trial.datetime_start, trial.datetime_complete] == local


def test_a_database_that_stayed_behind_is_caught_up_without_training_again(make_study, executor):
    study = make_study(trials=12)
    database, earlier = study.folder / "study.db", study.folder / "earlier.db"
    running = executor(slots=2, slow=lambda job: job in (2, 5))

    def copy(_event):
        if len(running.started) == 8 and not earlier.exists():
            shutil.copy(database, earlier)

    running.after = copy
    study.run(running)
    whole = study.answers()
    for state in (earlier, None):
        database.unlink()
        if state is not None:
            shutil.copy(state, database)
        again = executor()
        assert study.run(again) == "done"
        assert again.started == []
        assert study.answers() == whole
        check_same(study)
        assert len(study.shown()) == 12


@pytest.mark.parametrize(
    ("function", "state"),
    [
        ("optuna.storages._CachedStorage.set_trial_state_values", TrialState.RUNNING),
        ("study.coordinator.storage.set_times", TrialState.COMPLETE),
    ],
)
def test_a_coordinator_that_dies_while_it_ends_a_shown_trial_goes_on_there(
    function, state, make_study, executor, monkeypatch
):
    study = make_study(trials=5)
    interrupted(study, executor(slots=2, slow=lambda job: job == 0), 2)

    def die(*_asked):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(function, die)
        with pytest.raises(KeyboardInterrupt):
            study.run(executor())
    assert [record.number for record in study.records()] == [0, 1, 2]
    assert study.shown()[0].state == state
    assert "reason" not in study.shown()[0].user_attrs
    again = executor()
    assert study.run(again) == "done"
    assert [job.job for job in again.started] == [3, 4]
    check_same(study)


def test_trials_of_others_stay_as_they_are_and_keep_their_numbers(
    make_study, executor, optuna_study
):
    study = make_study(trials=4)
    study.run(executor())
    optuna_study(study).add_trial(foreign_trial())
    optuna_study(study).enqueue_trial({"x": 0.25})
    before = [t for t in study.shown() if t.number in (4, 5)]
    study.plan = make_study(trials=7).plan
    assert study.run(executor(slots=2, timing=1)) == "done"
    assert study.notes == ["the Optuna storage holds 2 trials of others, which stay as they are"]
    assert [record.number for record in study.records()] == [0, 1, 2, 3, 6, 7, 8]
    assert [trial.number for trial in study.shown()] == list(range(9))
    assert [t for t in study.shown() if t.number in (4, 5)] == before
    check_same(study)
    # Nor does a database that is made anew give our numbers to others.
    (study.folder / "study.db").unlink()
    assert study.run(executor()) == "done"
    check_same(study)
    assert [t.user_attrs for t in study.shown() if t.number in (4, 5)] == 2 * [
        {"reason": "no trial of the study has this number"}
    ]
    study.run(executor())
    assert len(study.notes) == 1


def test_trials_that_others_add_meanwhile_lose_none_of_ours_and_renumber_none_to_come(
    make_study, executor, optuna_study
):
    study = make_study(trials=12)
    running, added = executor(slots=3, timing=2), []

    def add(_event):
        if len(running.started) == 6 and not added:
            added.append(optuna_study(study).add_trial(foreign_trial()))

    running.after = add
    assert study.run(running) == "done"
    records, shown = study.records(), study.shown()
    assert len(records) == 12
    assert len(shown) == 13
    ours = [trial for trial in shown if trial.user_attrs.get("split") == "validation"]
    assert [trial.user_attrs["seed"] for trial in ours] == [record.seed for record in records]
    assert [trial.intermediate_values[1] for trial in ours] == [
        record.curve[0].validation_accuracy for record in records
    ]
    moved = [(trial.number, record.number) for trial, record in zip(ours, records, strict=True)]
    other = [theirs for theirs, own in moved if theirs != own]
    # Only those under way when the other one came; the later ones have one number again.
    assert 1 <= len(other) <= 4
    assert moved[-1] == (12, 12)
    for trial, record in zip(ours, records, strict=True):
        assert trial.user_attrs.get("number", record.number) == record.number
    again = executor()
    assert study.run(again) == "done"
    assert again.started == []
    assert study.shown() == shown


def test_a_running_trial_that_others_ended_in_optuna_is_recorded_all_the_same(
    make_study, executor, optuna_study
):
    study = make_study(trials=6)
    interrupted(study, executor(slots=2, slow=lambda job: job == 0), 3)
    optuna_study(study).tell(0, state=TrialState.FAIL)
    assert study.run(executor()) == "done"
    assert [record.state for record in study.records()] == ["complete"] * 6
    shown = study.shown()
    assert [trial.number for trial in shown] == list(range(6))
    assert shown[0].state == TrialState.FAIL
    check_same(study, but=0)
    again = executor()
    assert study.run(again) == "done"
    assert again.started == []


def test_records_that_are_gone_are_a_fault_and_nothing_is_trained_again(make_study, executor):
    study = make_study(trials=3)
    study.run(executor())
    before = study.shown()
    for damage in (b"", None):
        study.files.trials.unlink()
        if damage is not None:
            study.files.trials.write_bytes(damage)
        again = executor()
        with pytest.raises(FaultError) as caught:
            study.run(again)
        what = "some of the study's trials are missing here; got 0, 1, 2"
        assert str(caught.value) == f"{study.files.trials}: {what}"
        assert study.files.trials.exists() == (damage is not None)
        assert again.started == []
    assert study.shown() == before


def test_a_trial_is_not_hidden_for_long_by_one_that_goes_on(make_study, executor, space):
    study = make_study(trials=4)
    study.run(executor())
    records, times = study.records(), [0.0]
    (study.folder / "study.db").unlink()
    storage = open_storage(study.url, "s", create=True)
    projection = Projection(storage, space, lambda: times[0])
    projection.catch_up((), ())
    for one in records:
        asked = (one.number, one.number, one.origin, one.params, config_from_params(one.config))
        projection.ask(AskedTrial(*asked, one.seed))
    for one in records[2:]:
        projection.record(one)
        assert study.shown() == []
        times[0] += 0.6 * LONGEST_WAIT_SECONDS
    projection.record(records[1])
    states = [trial.state.name for trial in study.shown()]
    assert states == ["RUNNING", "COMPLETE", "COMPLETE", "COMPLETE"]
    projection.record(records[0])
    storage.close()
    check_same(study)
