"""A verdict on a user's own Keras networks: trained by plain `fit`, answered by our workflows."""

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import study
from reports.cards.networks import config_card
from reports.page import render_page
from reports.study_commands import commands, trial_commands
from tests.study.api.own_functions import breaks, breaks_in_fit, leaves, small

BASE = {"filters": 2, "rate": 0.0001}
BETTER = [{"filters": 8, "rate": 0.01}]
ASKED: dict[str, Any] = {"baseline": BASE, "confirm_seeds": 2, "jobs": 2, "quiet": True}


def lines_of(made: study.Study) -> list[str]:
    return [(made.folder / name).read_text() for name in ("trials.jsonl", "retrainings.jsonl")]


@pytest.mark.slow
def test_own_networks_get_a_verdict_and_the_same_call_trains_nothing_twice(tmp_path: Path) -> None:
    asked = {**ASKED, "build": small, "runs_dir": tmp_path}
    made = study.verdict_for(BETTER, "digits", name="own", **asked)
    assert made.verdict is not None
    assert made.verdict.answer in {"BEATS", "DOES NOT BEAT", "CAN'T TELL"}
    assert [(one.config, one.state) for one in made.trials] == [
        (BASE, "complete"),
        (BETTER[0], "complete"),
    ]
    record = made.record
    assert record.space.network == "own"
    assert record.confirmation is not None
    assert record.confirmation.equal_compute is None
    assert set(record.summaries) == {"baseline", "trial 1"}
    assert "conv2d" in record.summaries["trial 1"]
    assert len(record.confirmation.openings) == 1
    finals = [one for one in record.confirmation.retrainings if one.stage == "final"]
    assert {one.n for one in finals} == {record.data.test_n}

    # The page and the summary promise nothing that no command can do.
    assert commands(record) == (
        (
            "study.verdict_for(candidates, 'digits', build=build, name='own', seed=0, jobs=2)  "
            "# in Python, with the same candidates and baseline"
        ),
        "dense-study show own --json",
        "dense-study report own",
    )
    assert trial_commands(record) == ()
    assert "and it is not kept" in str(config_card(record))
    assert "export own" not in render_page(record)
    assert not (made.folder / "best").exists()
    with pytest.raises(study.DenseStudyError) as caught:
        made.export()
    message = (
        "study own: its networks are built by a function of its user's, which is not kept; "
        "allowed: show and report; study.verdict_for with that function goes on with it"
    )
    assert str(caught.value) == message
    with pytest.raises(study.DenseStudyError) as caught:
        study.run("four", "digits", name="own", runs_dir=tmp_path, quiet=True)
    assert str(caught.value) == message

    # Half of it lost, as by an interrupt: what is there is not trained again.
    before = lines_of(made)
    kept = before[1].splitlines(keepends=True)[:-1]
    (made.folder / "retrainings.jsonl").write_text("".join(kept))
    again = study.verdict_for(BETTER, "digits", name="own", **asked)
    after = lines_of(again)
    assert after[0] == before[0]
    assert after[1].splitlines(keepends=True)[:-1] == kept
    assert again.verdict == made.verdict

    other = {**asked, "build": breaks_in_fit}
    with pytest.raises(study.DenseStudyError, match="another function that builds the network"):
        study.verdict_for(BETTER, "digits", name="own", **other)


@pytest.mark.slow
def test_faults_of_the_function_are_one_message_and_those_of_fit_have_a_traceback_in_the_log(
    tmp_path: Path,
) -> None:
    asked = {**ASKED, "runs_dir": tmp_path}
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for(BETTER, "digits", name="first", build=breaks, **asked)
    line = inspect.getsourcelines(breaks)[1] + 2
    raised = (
        f"build raised KeyError: 'no such parameter' (line {line} of own_functions.py, in breaks)"
    )
    assert str(caught.value).splitlines() == [
        f"breaks({{filters = 2, rate = 0.0001}}): {raised}",
        f"breaks({{filters = 8, rate = 0.01}}): {raised}",
    ]
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for(BETTER, "digits", name="first", build=leaves, **asked)
    line = inspect.getsourcelines(leaves)[1] + 2
    place = f"(line {line} of own_functions.py, in leaves)"
    assert str(caught.value).splitlines() == [
        f"leaves({{filters = {count}, rate = {rate}}}): "
        f"build raised SystemExit: no model of {count} filters {place}"
        for count, rate in ((2, 0.0001), (8, 0.01))
    ]
    assert not (tmp_path / "first").exists()
    with pytest.raises(study.DenseStudyError, match="baseline failed: fit raised ") as caught:
        study.verdict_for(BETTER, "digits", name="second", build=breaks_in_fit, **asked)
    assert len(caught.value.faults) == 2
    log = (tmp_path / "second" / "workers.txt").read_text(encoding="utf-8")
    assert "Traceback (most recent call last):" in log


def test_own_params_follow_those_of_the_baseline_and_are_plain_values() -> None:
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for([{"filters": 8}, {"filters": None, "rate": 0.1}], build=small, **ASKED)
    assert str(caught.value) == (
        "candidate 1: has other parameters than the baseline; got filters; "
        "allowed: filters, rate\n"
        "candidate 2: value not allowed for filters; got None; "
        "allowed: true, false, a finite number, or one line of text"
    )
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for(BETTER, build=small)
    assert str(caught.value) == ("baseline: has no params; allowed: those that the function takes")


@pytest.mark.slow
@pytest.mark.mnist
def test_a_convolutional_network_gets_a_verdict_on_a_part_of_mnist(
    tmp_path: Path, mnist_path: Path
) -> None:
    with np.load(mnist_path) as whole:
        arrays = dict(whole)
    data = {
        "x_train": arrays["x_train"][:1200],
        "y_train": arrays["y_train"][:1200],
        "x_test": arrays["x_test"][:500],
        "y_test": arrays["y_test"][:500],
    }
    asked = {**ASKED, "build": small, "runs_dir": tmp_path, "confirm_seeds": 3}
    made = study.verdict_for([{"filters": 16, "rate": 0.01}], data, name="part", **asked)
    assert made.verdict is not None
    assert made.verdict.answer == "BEATS"
    assert made.best is not None
    assert (made.best.split, made.best.n, made.best.seeds) == ("test", 500, 3)
    assert made.best.accuracy > 0.8
    assert np.array(made.record.confirmation.confusion).sum() == 500  # type: ignore[union-attr]
