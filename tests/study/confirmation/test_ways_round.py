"""Ways to look at a test split again that no folder of studies tells of: the user's ledger does.

Two more are in test_conclude.py: a look for another winner between planned looks, and fewer seeds
after one of them failed.
"""

import logging
import shutil
from dataclasses import replace

import pytest

from reports.cards.answer import answer_section
from reports.opening import Purpose
from reports.summary import render_summary
from search_spaces.faults import FaultError
from search_spaces.read import read_space
from study.commands.delete import delete_run
from study.config import config_from_params
from study.confirmation.baseline_runs import over_seeds, train_and_test
from study.confirmation.candidates import Candidate
from study.confirmation.conclude import confirm
from study.confirmation.on_test_split import TestAccess as Access
from study.confirmation.retrain import retrain_context
from study.machine import utc_text
from study.progress.shown import SILENT
from study.record.snapshot import Snapshot, collect_snapshot
from study.run_dir.confirm_options import ConfirmOptions
from study.run_dir.ledger import ledger_at, open_ledger
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import read_plan, write_plan
from study.vault import open_test
from study.workflows.extend import Extension, extend_study

SECOND = "widened for opening 2 of the test split, 1 of them by other studies"
OFF = "this user's openings in other folders are not counted"
TRAIN = Purpose("train", seeds=2)


def equal(_config):
    return 0.9


def silent(_text):
    pass


def confirmed(made, ask, seeds=5):
    options = ConfirmOptions(seeds=seeds)
    plan = read_plan(made.run)
    return confirm(made.run, plan, made.loaded, made.executor, options, SILENT, open_ask=ask)


def answer(made, ask, seeds=5):
    return confirmed(made, ask, seeds).comparisons[0]


@pytest.fixture
def far_from(tmp_path):
    """Return what copies a searched study into a folder that has nothing to do with its own."""

    def copied(made, name):
        root = tmp_path / "far" / "runs" / name
        shutil.copytree(made.run.root, root)
        run = RunDirectory(root)
        write_plan(run, replace(read_plan(run), name=name))
        return replace(made, run=run)

    return copied


def check_second(comparison):
    assert SECOND in comparison.sentence
    assert comparison.interval.level == pytest.approx(0.995)


def test_the_same_study_under_another_name_and_seed_in_another_folder(make, ask, far_from):
    made = make(equal)
    other = far_from(made, "other")
    write_plan(other.run, replace(read_plan(other.run), seed=99))
    assert answer(made, ask).interval.level == pytest.approx(0.96)

    check_second(answer(other, ask))


def test_another_search_space_in_another_folder(make, ask, far_from, space_text):
    first = make(equal)
    answer(far_from(first, "first"), ask)
    shutil.rmtree(first.run.root)
    wider = make(equal, space_text.replace("high = 64", "high = 65"))

    check_second(answer(wider, ask))


@pytest.mark.parametrize(("seeds", "level", "note"), [(5, 0.96, ""), (8, 0.995, SECOND)])
def test_an_extended_study_in_another_folder(make, ask, tmp_path, space_text, seeds, level, note):
    made = make(equal)
    answer(made, ask)
    run = RunDirectory(tmp_path / "far" / "wider")
    wider = read_space(space_text.replace("high = 64", "high = 65"), "wider.toml")
    extend_study(Snapshot(made.run, read_plan(made.run)), Extension(run, wider, "w", None), None)
    extended = replace(made, run=run)
    assert open_ledger(run).lines() == ()

    found = answer(extended, ask, seeds)

    # The same networks again tell nothing new, whoever opens them.
    assert found.interval.level == pytest.approx(level)
    assert note in found.sentence
    assert note or "widened" not in found.sentence


@pytest.mark.parametrize("remove", [delete_run, lambda run: shutil.rmtree(run.root.parent)])
def test_a_study_that_was_deleted(make, ask, far_from, remove):
    made = make(equal)
    other = far_from(made, "other")
    answer(made, ask)
    remove(made.run)

    check_second(answer(other, ask, seeds=8))


def test_a_study_that_was_deleted_and_begun_again_under_its_name(make, ask, far_from):
    made = make(equal)
    other = far_from(made, "again")
    answer(made, ask)
    shutil.rmtree(made.run.root)
    shutil.copytree(other.run.root, made.run.root)

    check_second(answer(made, ask, seeds=8))


def test_a_config_that_was_trained_alone_with_a_ledger_somewhere(make, ask, tmp_path):
    made = make(equal)
    mine = ledger_at(tmp_path / "far" / "mine.jsonl")
    open_test(made.loaded.test, mine, TRAIN, ["w"], utc_text())
    mine.path.unlink()

    check_second(answer(made, ask))


def test_the_baseline_alone_step_by_step_and_over_seeds(make, ask, tmp_path):
    made = make(equal)
    run = RunDirectory(tmp_path / "far" / "baseline")
    run.create()
    access = Access(run, made.loaded, ask, utc_text)
    fingerprint = made.loaded.training.about.fingerprint
    context = retrain_context(run, made.executor, fingerprint, silent, None)
    baseline = Candidate("baseline", config_from_params({"width": 8, "depth": 1, "epochs": 6}))

    walk = train_and_test(context, access, baseline, 0, lambda _epoch: None)
    again = train_and_test(context, access, baseline, 0, lambda _epoch: None)
    many = over_seeds(context, access, baseline, 0, 3)

    assert walk.opening.words == again.opening.words == "opening 1 of this test split"
    assert many.opening.words == "opening 2 of this test split"
    found = answer(made, ask)
    assert "opening 3 of the test split, 2 of them by other studies" in found.sentence


def test_a_ledger_that_was_cut(make, ask):
    made = make(equal)
    answer(made, ask)
    made.run.ledger.unlink()
    made.run.confirmation.unlink()

    found = answer(made, ask, seeds=8)

    assert found.interval.level == pytest.approx(0.995)


def test_openings_that_came_before_a_study_was_planned_are_on_its_page(make, ask, far_from):
    made = make(equal)
    other = far_from(made, "other")
    answer(made, ask)
    write_plan(other.run, replace(read_plan(other.run), created="2100-01-01T00:00:00+00:00"))

    record = collect_snapshot(other.run)

    line = (
        "test split: 1 opening by other studies came before this study was planned; "
        "intervals are widened by their number, but not by what was learnt from them"
    )
    assert line in [str(one) for one in record.data.warnings]
    assert f"T{line[1:]}." in answer_section(record).warnings


def test_it_counts_nothing_where_it_is_switched_off_and_everything_says_so(
    make, ask, far_from, monkeypatch
):
    made = make(equal)
    other, third = far_from(made, "other"), far_from(made, "third")
    answer(made, ask)
    monkeypatch.setenv("DENSE_STUDY_USER_LEDGER", "off")

    found = confirmed(other, ask, 8)

    comparison = found.comparisons[0]
    assert comparison.interval.level == pytest.approx(0.96)
    assert f", {OFF})." in comparison.sentence
    assert found.uncounted == "off"
    assert [line.user_ledger for line in found.openings] == ["off"]
    # Also for whoever looks later, and does not have it off.
    monkeypatch.delenv("DENSE_STUDY_USER_LEDGER")
    record = collect_snapshot(other.run)
    line = f"test split: {OFF}: $DENSE_STUDY_USER_LEDGER is off, or was"
    assert line in [str(one) for one in record.data.warnings]
    assert f"T{line[1:]}." in answer_section(record).warnings
    assert f"Warning: {line}" in " ".join(render_summary(record).split())
    # It was not noted either; the folder tells of it.
    shutil.rmtree(other.run.root)
    check_second(answer(third, ask, seeds=10))


def test_a_ledger_that_is_damaged_stops_no_study_and_everything_says_so(
    make, ask, far_from, caplog, tmp_path, monkeypatch
):
    state = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    made = make(equal)
    other = far_from(made, "other")
    answer(made, ask)
    file = state / "dense-study" / "ledger.jsonl"
    file.write_bytes(file.read_bytes().replace(b"final of", b"Final of"))

    with caplog.at_level(logging.WARNING):
        found = confirmed(other, ask, 8)

    assert f"some of {OFF}" in found.comparisons[0].sentence
    assert found.uncounted == "incomplete"
    (said,) = caplog.messages
    assert said.startswith(
        "this opening of the test split will not count for studies in other folders: "
        f"{file}, line 1: the line was changed"
    )


def test_a_switch_that_is_neither_on_nor_off_opens_nothing(make, monkeypatch, tmp_path):
    made = make(equal)
    ledger = ledger_at(tmp_path / "mine.jsonl")
    monkeypatch.setenv("DENSE_STUDY_USER_LEDGER", "of")

    with pytest.raises(FaultError, match="DENSE_STUDY_USER_LEDGER: wrong value; got 'of'"):
        open_test(made.loaded.test, ledger, TRAIN, ["w"], utc_text())

    assert not ledger.path.exists()
