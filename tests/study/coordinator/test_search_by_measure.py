"""A search by any measure does what one by accuracy does where both rank trials alike."""

from contextlib import closing
from dataclasses import replace

import optuna
import pytest
from optuna.study import StudyDirection

from reports.stopped import Stopped, stopped_words
from reports.trial_record import EpochRecord
from reports.trials import ranked
from search_spaces.faults import FaultError
from search_spaces.measures import MEASURE_NAMES
from study.coordinator.asked_trials import AskedFile
from study.coordinator.curves import POINTS, resample
from study.coordinator.early_end import stopped_search
from study.coordinator.history import History
from study.coordinator.storage import open_storage


def course(study):
    """Return what a search did, without the values."""
    return [
        (r.number, r.state, r.params, r.seed, r.unpruned, len(r.curve)) for r in study.records()
    ]


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["tpe", "nsga2"])
def test_measures_that_rank_alike_make_the_same_search(make_study, executor, sampler):
    asked = {"sampler": sampler, "pruner": "median", "trials": 40}
    studies = {measure: make_study(measure=measure, **asked) for measure in MEASURE_NAMES}
    for study in studies.values():
        assert study.run(executor()) == "done"
    courses = {measure: course(study) for measure, study in studies.items()}
    assert {state for _, state, *_ in courses["accuracy"]} == {"complete", "pruned"}
    assert all(one == courses["accuracy"] for one in courses.values())
    best = {name: ranked(study.records(), name)[0].number for name, study in studies.items()}
    assert len(set(best.values())) == 1


@pytest.mark.slow
def test_a_loss_is_minimized_in_the_storage_and_has_its_name(make_study, executor, optuna_study):
    study = make_study(measure="log_loss", trials=6)
    study.run(executor())
    shown = optuna_study(study)
    assert shown.metric_names == ["validation log loss"]
    assert shown.direction == StudyDirection.MINIMIZE
    records = study.records()
    assert [trial.value for trial in shown.trials] == [record.value for record in records]
    assert shown.best_trial.number == ranked(records, "log_loss")[0].number
    for trial, record in zip(shown.trials, records, strict=True):
        assert list(trial.intermediate_values.values()) == [row.value for row in record.curve]


@pytest.mark.slow
def test_an_interrupted_search_by_a_loss_goes_on_as_one_that_was_not(make_study, executor):
    whole, parts = (make_study(measure="log_loss", pruner="median", trials=20) for _ in range(2))
    whole.run(executor())
    parts.plan = replace(parts.plan, trials=9)
    parts.run(executor())
    parts.plan = replace(parts.plan, trials=20)
    parts.run(executor())
    assert course(parts) == course(whole)
    assert [record.value for record in parts.records()] == [r.value for r in whole.records()]


def test_a_study_that_was_made_before_its_measure_was_known_is_turned(tmp_path):
    url = f"sqlite:///{tmp_path}/study.db"
    open_storage(url, "s", create=True).close()
    open_storage(url, "s", create=True, measure="log_loss").close()
    assert optuna.load_study(study_name="s", storage=url).direction == StudyDirection.MINIMIZE
    open_storage(url, "s", create=False).close()
    assert optuna.load_study(study_name="s", storage=url).direction == StudyDirection.MINIMIZE


def test_trials_of_others_in_another_direction_are_refused(tmp_path):
    url = f"sqlite:///{tmp_path}/study.db"
    theirs = optuna.create_study(study_name="s", storage=url, direction="maximize")
    theirs.add_trial(optuna.trial.create_trial(value=0.5))
    with pytest.raises(FaultError) as caught:
        open_storage(url, "s", create=True, measure="log_loss")
    assert str(caught.value) == (
        f"{url}: the storage holds a study 's' of other trials, in another direction; "
        "got maximize; allowed: minimize, or another --name"
    )
    with closing(open_storage(url, "s", create=True)) as storage:
        assert len(storage.trials()) == 1


def test_a_curve_of_a_loss_is_the_lowest_so_far_turned_round():
    values = (0.9, 0.5, 0.7, 0.4)
    rows = tuple(EpochRecord(e, 1.0, 1.0, 0.5, 1.0, v) for e, v in enumerate(values, 1))
    found = resample(rows, 4, ended=False, measure="log_loss")
    points = [POINTS * quarter // 4 for quarter in (1, 2, 3, 4)]
    assert found[points].tolist() == [-0.9, -0.5, -0.5, -0.4]


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["no-progress:6", "done"])
def test_the_rules_to_end_early_speak_of_the_measure(make_study, executor, rule):
    study = make_study(measure="log_loss", trials=60, stop_when=rule)
    assert study.run(executor()) == "stopped"
    asked = AskedFile(study.files.open_lines(study.files.asked)).read()
    found = stopped_search(study.plan, study.space, 100, History(asked, study.records()))
    assert isinstance(found, Stopped)
    words = stopped_words(found, "log_loss")
    assert study.notes == [f"the search ends after {found.after} trials: {words}"]
    if rule == "done":
        assert words == (
            f"more trials would bring at most {found.gain:.4f} nats (95 %), less than the "
            f"{found.detectable:.4f} nats that the test split can tell"
        )
