"""The number of folds is settled when a study is created, and stays."""

from dataclasses import replace

import numpy as np
import pytest

from search_spaces.faults import FaultError
from search_spaces.read import load_space
from study.data.split import VALIDATION_SHARE
from study.data.values import About, Examples, TrainingData
from study.executors.own_network import OwnNetwork
from study.run_dir.fold_rule import RULE
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan, write_plan
from study.workflows.folding import new_plan, said_of_folds
from study.workflows.plans import next_plan
from study.workflows.request import Request

SPACE = load_space("smoke")


def data_of(rows: int, groups: int | None = None) -> TrainingData:
    about = About("made up", (2,), ("a", "b"), 1.0, "f" * 64, 10)
    labels = np.arange(rows, dtype=np.int32) % 2
    own = None if groups is None else (np.arange(rows, dtype=np.int32) // 2) % groups
    return TrainingData(about, Examples(np.zeros((rows, 2), np.float32), labels), own)


def planned(training: TrainingData, **given):
    return new_plan(Request(given), "s", SPACE, training)


@pytest.mark.parametrize(
    ("rows", "folds", "share"),
    [(999, 5, 1 / 5), (1_000, 3, 1 / 3), (4_999, 3, 1 / 3), (5_000, 1, VALIDATION_SHARE)],
)
def test_a_new_study_has_the_folds_of_its_training_rows(rows, folds, share) -> None:
    plan = planned(data_of(rows))
    assert (plan.folds, plan.share) == (folds, share)


def test_folds_that_are_asked_for_are_planned() -> None:
    assert planned(data_of(5_000), folds=4).folds == 4
    assert planned(data_of(300), folds=1).folds == 1


def test_data_that_gives_no_such_folds_has_one_split() -> None:
    assert planned(data_of(300, groups=3)).folds == 1
    assert planned(data_of(4)).folds == 1
    assert planned(data_of(300, groups=50)).folds == 5


def test_it_is_said_on_what_trials_are_scored() -> None:
    training = data_of(300)
    done = "folds 5: each trial is trained 5 times and scored on each fold of 300 training images"
    assert said_of_folds(5, training, is_asked=True) == f"{done} once"
    assert said_of_folds(5, training, is_asked=False) == f"{done} once (the default: {RULE})"


def test_a_study_keeps_its_folds() -> None:
    plan = planned(data_of(300))
    assert next_plan(Request(), plan, SPACE, "f" * 64).folds == 5
    assert next_plan(Request({"folds": 5}), plan, SPACE, "f" * 64) == replace(
        plan, machine=plan.machine
    )
    with pytest.raises(FaultError) as caught:
        next_plan(Request({"folds": 3}), plan, SPACE, "f" * 64)
    assert str(caught.value) == (
        "study s: was started with another --folds; got 3; allowed: 5, or a new --name"
    )


def test_a_plan_of_an_earlier_version_has_one_split(tmp_path) -> None:
    run = RunDirectory(tmp_path / "s")
    plan = planned(data_of(300), folds=1)
    write_plan(run, plan)
    text = run.plan.read_text()
    assert "\nfolds = 1\n" in text
    run.plan.write_text(text.replace("\nfolds = 1\n", "\n"))
    assert read_plan(run) == plan


@pytest.mark.parametrize("folds", [0, 21])
def test_a_number_of_folds_out_of_range_is_reported(folds: int) -> None:
    with pytest.raises(FaultError) as caught:
        planned(data_of(300), folds=folds)
    assert str(caught.value) == (
        f"study s: folds: wrong value; got {folds}; allowed: a number from 1 to 20"
    )


def test_a_network_of_the_users_own_has_one_split() -> None:
    own = OwnNetwork("mine", b"", (), "e" * 64)
    request = Request({}, network=own)
    assert new_plan(request, "s", SPACE, data_of(300)).folds == 1
    with pytest.raises(FaultError) as caught:
        new_plan(replace(request, given={"folds": 5}), "s", SPACE, data_of(300))
    assert str(caught.value) == (
        "folds: networks that a function of yours builds are scored on one validation split; "
        "got 5; allowed: 1"
    )
