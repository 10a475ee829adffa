import json
from dataclasses import replace

import pytest

from reports.json_values import to_json_line
from search_spaces.measures import MEASURES
from study.config import config_from_params
from study.confirmation.candidates import Candidate
from study.confirmation.outcomes import OnTest, Outcome, OutcomeFile, RetrainJob, as_retraining
from study.data.values import Split
from study.run_dir.json_lines import JsonLines

WHO = Candidate("trial 3", config_from_params({"width": 7}))
OUTCOME = Outcome("k", 0.9, 100, 5, 4, 1.5, "ff")


def test_outcomes_come_back_and_the_latest_of_a_key_counts(tmp_path):
    file = OutcomeFile(JsonLines(tmp_path / "retrainings.jsonl"))
    later = Outcome("k", 0.8, 100, 5, 5, 1.0, "ee")
    failed = Outcome("other", None, 0, 0, 0, 0.0, None, "loss is not finite")

    for one in (OUTCOME, failed, later):
        file.append(one)

    assert file.read() == {"k": later, "other": failed}


def test_a_torn_last_line_is_dropped_and_cut_off(tmp_path):
    file = OutcomeFile(JsonLines(tmp_path / "retrainings.jsonl"))
    file.append(OUTCOME)
    whole = file.path.read_bytes()
    file.path.write_bytes(whole + b'{"key": "to')

    assert file.read() == {"k": OUTCOME}
    file.append(OUTCOME)

    assert file.path.read_bytes() == whole + whole


def test_a_damaged_line_is_named(tmp_path, faults):
    path = tmp_path / "retrainings.jsonl"
    values = json.loads(to_json_line(OUTCOME)) | {"n": "many"}
    path.write_text(f"{json.dumps(values)}\n")

    message = faults(lambda: OutcomeFile(JsonLines(path)).read())

    assert message == f"{path}, line 1: n: wrong value; got 'many'; allowed: a whole number"


def test_a_line_that_is_no_json_is_named(tmp_path, faults):
    path = tmp_path / "retrainings.jsonl"
    path.write_text("key = 1\n")

    message = faults(lambda: OutcomeFile(JsonLines(path)).read())

    assert message.startswith(f"{path}, line 1: is not JSON: ")


def test_no_file_is_no_outcome(tmp_path):
    assert OutcomeFile(JsonLines(tmp_path / "absent")).read() == {}


@pytest.mark.parametrize(
    "other",
    [
        RetrainJob("race", WHO, 2, Split(5, 0.2)),
        RetrainJob("race", WHO, 1, Split(6, 0.2)),
        RetrainJob("race", WHO, 1, Split(5, 0.3)),
        RetrainJob("race", WHO, 1, Split(5, 0.2, 5)),
        RetrainJob("race", WHO, 1, None),
        RetrainJob(
            "race", Candidate("trial 3", config_from_params({"width": 8})), 1, Split(5, 0.2)
        ),
    ],
    ids=["seed", "split seed", "share", "folds", "no split", "config"],
)
def test_another_training_has_another_key(other):
    job = RetrainJob("race", WHO, 1, Split(5, 0.2))

    assert other.key != job.key
    assert RetrainJob("final", Candidate("renamed", WHO.config), 1, Split(5, 0.2)).key == job.key


def test_a_retraining_names_its_split_and_n():
    race = as_retraining(RetrainJob("race", WHO, 1, Split(5, 0.2)), OUTCOME, None)
    final = as_retraining(RetrainJob("final", WHO, 1, None), OUTCOME, OnTest(0.95, 400))

    on_folds = as_retraining(RetrainJob("race", WHO, 1, Split(5, 0.2, 5)), OUTCOME, None)
    assert (race.split, race.n, race.accuracy, race.split_seed) == ("validation", 100, 0.9, 5)
    assert (race.folds, final.folds, on_folds.folds) == (None, None, 5)
    assert (final.split, final.n, final.accuracy, final.split_seed) == ("test", 400, 0.95, None)
    assert race.params["width"] == 7


def test_a_retraining_has_the_measure_beside_its_accuracy():
    outcome = replace(OUTCOME, value=0.3)
    race = as_retraining(RetrainJob("race", WHO, 1, Split(5, 0.2)), outcome, None)
    final = as_retraining(RetrainJob("final", WHO, 1, None), outcome, OnTest(0.95, 400, 0.25))

    assert (race.accuracy, race.value, final.accuracy, final.value) == (0.9, 0.3, 0.95, 0.25)
    assert outcome.score(MEASURES["log_loss"]) == -0.3
    assert OUTCOME.score(MEASURES["accuracy"]) == 0.9
    assert replace(OUTCOME, accuracy=None).score(MEASURES["log_loss"]) is None
