"""Openings of one test split by several studies of a folder: all of them spend its error."""

import shutil
from dataclasses import replace

import pytest

from study.confirmation.conclude import confirm
from study.machine import utc_text
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.elsewhere import openings_elsewhere
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan


def equal(_config):
    return 0.9


def silent(_text):
    pass


def beside(made, name):
    """Return a copy of a searched study in the same folder."""
    root = made.run.root.parent / name
    shutil.copytree(made.run.root, root)
    return replace(made, run=RunDirectory(root))


def answer(made, ask, seeds=5):
    plan = read_plan(made.run)
    options = ConfirmOptions(seeds=seeds)
    found = confirm(made.run, plan, made.loaded, made.executor, options, silent, open_ask=ask)
    return found.comparisons[0]


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


def test_other_data_and_ledgers_that_cannot_be_read_do_not_count(make, ask):
    made = make(equal)
    other, third = beside(made, "other"), beside(made, "third")
    answer(made, ask)
    answer(other, ask, seeds=8)
    fingerprint = made.loaded.training.about.fingerprint
    other.run.ledger.write_bytes(b"\xff not a ledger\n")
    (third.run.root / "ledger.jsonl").mkdir()

    found = openings_elsewhere(third.run, fingerprint)

    assert [len(lines) for lines in found] == [1]
    assert openings_elsewhere(third.run, "other data") == ()
