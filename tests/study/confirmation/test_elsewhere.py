"""Openings of one test split by several studies of a folder: all of them spend its error.

Each study is another user's here, so that the folder alone tells of the others.
"""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from reports.opening import Purpose
from study.commands.delete import delete_run
from study.confirmation.conclude import confirm
from study.data.load import load_data
from study.machine import utc_text
from study.progress.shown import SILENT
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.elsewhere import Elsewhere, openings_elsewhere
from study.run_dir.ledger import open_ledger
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan


def equal(_config):
    return 0.9


def beside(made, name):
    """Return a copy of a searched study in the same folder."""
    root = made.run.root.parent / name
    shutil.copytree(made.run.root, root)
    return replace(made, run=RunDirectory(root))


def answer(made, ask, seeds=5):
    plan = read_plan(made.run)
    options = ConfirmOptions(seeds=seeds)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(made.run.root.parent.parent / "of" / made.run.name))
        found = confirm(made.run, plan, made.loaded, made.executor, options, SILENT, open_ask=ask)
    return found.comparisons[0]


@pytest.mark.slow
def test_another_study_on_the_same_test_data_makes_the_second_opening(make, ask, wait_until):
    made = make(equal)
    other = beside(made, "other")
    first = answer(made, ask)
    # Ledgers name the second; what is of the same one counts, to be safe.
    noted = utc_text()
    wait_until(lambda: utc_text() > noted)

    second = answer(other, ask, seeds=8)

    assert first.interval.level == pytest.approx(0.96)
    assert second.interval.level == pytest.approx(0.995)
    assert "widened for opening 2 of the test split, 1 of them by other studies" in second.sentence
    # What was answered first stays answered so.
    assert answer(made, ask) == first


@pytest.mark.slow
def test_the_same_weights_opened_by_another_study_tell_nothing_new(make, ask):
    made = make(equal)
    other = beside(made, "other")
    first = answer(made, ask)

    assert answer(other, ask) == first


def test_an_opening_counts_though_its_study_is_no_longer_whole(make, ask):
    made = make(equal)
    other = beside(made, "other")
    answer(made, ask)
    made.run.plan.unlink()

    assert answer(other, ask, seeds=8).interval.level == pytest.approx(0.995)


def test_an_opening_counts_though_its_study_was_deleted(make, ask):
    made = make(equal)
    other = beside(made, "other")
    answer(made, ask)
    delete_run(made.run)

    assert not made.run.root.exists()
    assert answer(other, ask, seeds=8).interval.level == pytest.approx(0.995)


def test_other_data_and_ledgers_that_cannot_be_read_do_not_count(make, ask):
    made = make(equal)
    other, third = beside(made, "other"), beside(made, "third")
    answer(made, ask)
    answer(other, ask, seeds=8)
    other.run.ledger.write_bytes(b"\xff not a ledger\n")
    (third.run.root / "ledger.jsonl").mkdir()

    found = openings_elsewhere(third.run, made.loaded.test.identity).ledgers

    assert [len(lines) for lines in found] == [1]
    unlike = replace(made.loaded.test.identity, whole="o", split="o")
    assert openings_elsewhere(third.run, unlike) == Elsewhere(())


def with_other_training_rows(made, folder, order):
    """Return a study's data with one training row changed and its test rows in another order."""
    with np.load(read_plan(made.run).data) as stored:
        arrays = dict(stored)
    arrays["x_train"][0, 0, 0] ^= 1
    arrays |= {name: arrays[name][order] for name in ("x_test", "y_test")}
    np.savez(folder / "other.npz", **arrays)
    return load_data(str(folder / "other.npz"), {})


def test_the_same_test_rows_beside_other_training_rows_are_the_same_test_split(make, ask, tmp_path):
    made = make(equal)
    other = with_other_training_rows(made, tmp_path, np.arange(400)[::-1])
    third = beside(made, "third")
    answer(made, ask)

    assert other.test.identity.whole != made.loaded.test.identity.whole
    assert other.test.identity.split == made.loaded.test.identity.split
    (lines,) = openings_elsewhere(third.run, other.test.identity).ledgers
    assert lines == open_ledger(made.run).lines()


def test_a_line_without_the_test_splits_fingerprint_counts_by_that_of_the_whole_data(make):
    made = make(equal)
    other = beside(made, "other")
    test = made.loaded.test.identity
    purpose = Purpose("final", "trial 3", seeds=5)
    open_ledger(other.run).append(utc_text(), purpose, ("a",), test.whole)

    assert [len(lines) for lines in openings_elsewhere(made.run, test).ledgers] == [1]
    assert openings_elsewhere(made.run, replace(test, whole="another")) == Elsewhere(())
