"""The temperature of a winner, from the answers that its networks of the race gave."""

import json
from dataclasses import replace

import numpy as np
import pytest

from reports.calibration import Calibration
from reports.statistics.temperature import fit_temperature, tempered
from search_spaces.faults import FaultError
from study.confirmation.calibrate import FOLDS, calibrate, cross_fitted, folds_of
from study.confirmation.conclude import confirm
from study.confirmation.evaluated import Evaluated
from study.confirmation.outcomes import Outcome, OutcomeFile
from study.confirmation.validation_answers import Answers, read_answers, write_answers
from study.confirmation.weight_files import WeightFiles
from study.coordinator.running_trial import search_split
from study.data.split import split_rows
from study.data.values import About, Examples, TrainingData
from study.progress.shown import SILENT
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.plan import read_plan


def over_confident(n, seed=0, factor=3.0):
    """Return probabilities (n, 3), labels (n,): true ones to the power of `factor`."""
    rng = np.random.default_rng(seed)
    true = rng.dirichlet(np.ones(3), n)
    labels = (rng.random((n, 1)) > true.cumsum(axis=1)[:, :-1]).sum(axis=1).astype(np.int32)
    return tempered(true, 1 / factor).astype(np.float32), labels


def training(labels, groups=None):
    about = About("made-up", (1,), ("a", "b", "c"), 1.0, "f" * 64, 10)
    return TrainingData(about, Examples(np.zeros((len(labels), 1), np.uint8), labels), groups)


def on_test(probabilities, labels):
    classes = {"ab": probabilities.argmax(axis=1).astype(np.int32)}
    return Evaluated(labels, classes, {}, probabilities={"ab": probabilities})


UNTESTED = Evaluated(np.zeros(1, np.int32), {}, {})


def test_the_temperature_is_that_of_all_answers_and_test_answers_have_no_part_in_it():
    probabilities, labels = over_confident(600)
    answers = [
        Answers(np.arange(300), probabilities[:300]),
        Answers(np.arange(300, 600), probabilities[300:]),
    ]
    found = calibrate(answers, training(labels), on_test(*over_confident(500, 9)), "ab")
    other = calibrate(answers, training(labels), on_test(*over_confident(500, 8, 0.2)), "ab")
    assert isinstance(found, Calibration)
    assert isinstance(other, Calibration)
    assert found.temperature == fit_temperature(probabilities, labels)
    assert (found.temperature, found.validation) == (other.temperature, other.validation)
    assert found.networks == 2
    assert found.wrong == (probabilities.argmax(axis=1) != labels).sum()
    assert found.helps
    assert found.test is not None
    assert (found.validation.n, found.test.n) == (600, 500)
    assert found.validation.after.log_loss < found.validation.before.log_loss
    assert found.test.after.error < found.test.before.error


def test_answers_that_are_true_already_are_left_as_they_are():
    probabilities, labels = over_confident(600, factor=1.0)
    found = calibrate([Answers(np.arange(600), probabilities)], training(labels), UNTESTED, "ab")
    assert isinstance(found, Calibration)
    assert found.temperature == pytest.approx(1, abs=0.15)
    assert not found.helps
    assert found.test is None


def test_no_answer_has_a_part_in_its_own_temperature():
    probabilities, labels = over_confident(200)
    folds = np.arange(200) % FOLDS
    turned = np.where(folds == 2, (labels + 1) % 3, labels).astype(np.int32)
    found = cross_fitted(probabilities, labels, folds)
    again = cross_fitted(probabilities, turned, folds)
    np.testing.assert_array_equal(found[folds == 2], again[folds == 2])
    assert not np.allclose(found[folds == 1], again[folds == 1])


def test_all_answers_about_one_thing_are_in_one_fold_and_folds_are_of_about_one_size():
    units = np.repeat(np.arange(100), 3)
    folds = folds_of(units)
    assert (folds.reshape(100, 3) == folds[::3, None]).all()
    assert np.bincount(folds).tolist() == [60] * FOLDS


def test_rows_of_one_group_count_as_one():
    probabilities, labels = over_confident(100)
    again = np.concatenate([labels, labels])
    twice = [Answers(np.arange(200), np.concatenate([probabilities, probabilities]))]
    groups = np.tile(np.arange(100, dtype=np.int32), 2)
    grouped = calibrate(twice, training(again, groups), UNTESTED, "ab")
    once = calibrate([Answers(np.arange(100), probabilities)], training(labels), UNTESTED, "ab")
    assert isinstance(grouped, Calibration)
    assert isinstance(once, Calibration)
    assert grouped.validation.n == 200
    assert grouped.temperature == pytest.approx(once.temperature)
    assert grouped.validation.low == pytest.approx(once.validation.low)


def test_too_few_wrong_answers_no_probabilities_and_no_answers_are_said():
    probabilities, _ = over_confident(50)
    labels = probabilities.argmax(axis=1).astype(np.int32)
    labels[:4] = (labels[:4] + 1) % 3
    answers = [Answers(np.arange(50), probabilities)]
    assert calibrate(answers, training(labels), UNTESTED, "ab") == (
        "4 of 50 answers on validation images are wrong, and a temperature needs at least 5"
    )
    logits = [Answers(np.arange(50), probabilities * 7)]
    assert calibrate(logits, training(labels), UNTESTED, "ab") == (
        "the network's answers are no probabilities: its last layer is no softmax"
    )
    assert calibrate([], training(labels), UNTESTED, "ab") == (
        "the winner's networks of the race are not kept, as where an earlier version ran it"
    )


def law(config):
    return 0.8 + 0.01 * min(config.width, 17)


def confirmed(made, ask):
    shown = SILENT
    return confirm(
        made.run,
        read_plan(made.run),
        made.loaded,
        made.executor,
        ConfirmOptions(),
        shown,
        open_ask=ask,
    )


def test_the_answers_are_of_each_round_of_the_winner_to_its_own_validation_rows(make, ask):
    made = make(law)
    found = confirmed(made, ask)
    searched = search_split(read_plan(made.run))
    raced = [
        one for one in found.retrainings if (one.stage, one.candidate) == ("race", found.winner)
    ]
    kept = read_answers(made.run)
    assert list(kept) == [one.weights_hash for one in raced]
    for one in raced:
        _, held = split_rows(made.loaded.training, replace(searched, seed=one.split_seed))
        np.testing.assert_array_equal(kept[one.weights_hash].rows, held)
        assert kept[one.weights_hash].probabilities.shape == (len(held), 2)
    assert found.calibration is not None
    assert found.calibration.networks == len(raced)


def test_another_confirmation_asks_for_no_answer_again_and_finds_the_same(make, ask):
    made = make(law)
    found = confirmed(made, ask)
    trained = len(made.trainer.trained)

    def refuses():
        raise AssertionError("nothing is asked again")

    assert confirmed(made, refuses).calibration == found.calibration
    assert len(made.trainer.trained) == trained


def test_a_race_whose_networks_were_not_kept_is_not_run_again(make, ask):
    made = make(law)
    confirmed(made, ask)
    made.run.validation_answers.unlink()
    made.run.confirmation.unlink()
    trained = len(made.trainer.trained)
    again = confirmed(made, ask)
    assert again.calibration is None
    assert again.uncalibrated == (
        "the winner's networks of the race are not kept, as where an earlier version ran it"
    )
    assert json.loads(made.run.confirmation.read_text())["uncalibrated"] == again.uncalibrated
    assert len(made.trainer.trained) == trained


def test_weights_that_a_race_left_for_nothing_are_taken_away(make, ask):
    made = make(law)
    confirmed(made, ask)
    files = WeightFiles(made.run)
    kept = set(made.run.weights.iterdir())
    needless = Outcome("trained ahead", 0.9, 100, 6, 6, 0.1, "f" * 64)
    OutcomeFile(made.run.open_lines(made.run.retrainings)).append(needless)
    files.save("f" * 64, (np.zeros(1, np.float32),))
    confirmed(made, ask)
    assert set(made.run.weights.iterdir()) == kept


def test_answers_to_other_rows_are_one_clear_message(make, ask):
    made = make(law)
    confirmed(made, ask)
    moved = {
        name: Answers(one.rows + 1, one.probabilities)
        for name, one in read_answers(made.run).items()
    }
    write_answers(made.run, moved)
    with pytest.raises(FaultError) as error:
        confirmed(made, ask)
    assert str(error.value) == (
        f"{made.run.validation_answers}: holds answers to other rows than those of the study's "
        "splits; allowed: delete it: nothing else is lost"
    )


def test_damaged_answers_are_one_clear_message(make, ask):
    made = make(law)
    confirmed(made, ask)
    made.run.validation_answers.write_bytes(b"PK")
    with pytest.raises(FaultError, match=r"validation_answers\.npz: cannot be read: "):
        confirmed(made, ask)
