"""`study.verdict_for`: candidates that were found elsewhere get the answer of any study."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import optuna
import pytest

import study
from reports.cards.setup import repeat_card, space_card
from reports.study_commands import commands
from search_spaces.space import ChoiceDomain
from study.workflows.given import Found, given_candidates

optuna.logging.set_verbosity(optuna.logging.WARNING)
SMALL = {"depth": 1, "width": 16, "batch_size": 32, "epochs": 2}


def optuna_study(direction: str = "maximize", **more: Any) -> optuna.Study:
    """Return five trials whose values are 0.5, 0.9, 0.9, 0.7 and none; params of the user's own."""
    made = optuna.create_study(study_name="units", direction=direction, **more)
    for units, value in ((64, 0.5), (24, 0.9), (24, 0.9), (48, 0.7)):
        domain = {"n_units": optuna.distributions.IntDistribution(8, 64)}
        params = {"n_units": units}
        trial = optuna.trial.create_trial(params=params, distributions=domain, value=value)
        made.add_trial(trial)
    made.ask()
    return made


def to_ours(params: Mapping[str, Any]) -> dict[str, Any]:
    return {**SMALL, "width": params["n_units"]}


def found(*params: dict[str, Any]) -> list[Found]:
    return [Found(one, f"candidate {number}", number) for number, one in enumerate(params, 1)]


def test_a_space_of_given_candidates_holds_exactly_their_values() -> None:
    rows = found({**SMALL, "width": 32}, {**SMALL, "width": 8, "optimizer": "sgd"})
    given = given_candidates("mine", SMALL, rows, 3)
    assert {one.name: one.domain for one in given.space.parameters} == {
        "width": ChoiceDomain((8, 16, 32)),
        "optimizer": ChoiceDomain(("adam", "sgd")),
    }
    assert given.space.fixed == {"depth": 1, "batch_size": 32, "epochs": 2}
    assert given.space.baseline.params == {**SMALL, "optimizer": "adam"}
    assert given.params == (
        {"width": 32, "optimizer": "adam"},
        {"width": 8, "optimizer": "sgd"},
    )


def test_the_baselines_own_config_and_repeats_are_no_candidates() -> None:
    rows = found(
        SMALL, {**SMALL, "width": 32}, {"width": 32, **SMALL} | {"width": 32}, {"width": 64}
    )
    assert given_candidates("mine", SMALL, rows, 2).numbers == (2, 4)
    with pytest.raises(study.DenseStudyError) as caught:
        given_candidates("mine", SMALL, rows[:1], 2)
    assert str(caught.value) == (
        "candidates: no candidate other than the baseline; got 1; "
        "allowed: at least one other config"
    )


def test_every_fault_of_the_candidates_comes_at_once() -> None:
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for([{"width": 0}, {"dropout": 2.0}], "digits", baseline=SMALL)
    assert str(caught.value) == (
        "candidate 1: value not allowed for width; got 0; allowed: a whole number from 1 to 8192\n"
        "candidate 2: value not allowed for dropout; got 2.0; allowed: a number from 0 to 0.95"
    )


def test_params_of_other_names_are_one_message_that_names_the_trial() -> None:
    with pytest.raises(study.DenseStudyError, match="unknown parameter 'n_units'") as caught:
        study.verdict_for(optuna_study(), "digits")
    wheres = [one.where for one in caught.value.faults]
    assert wheres == [f"trial {number} of Optuna study 'units'" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("as_params", "message"),
    [
        (
            "width",
            (
                "as_params: no translation; got 'width'; allowed: "
                "a dict from your names to ours, or a function from a trial's params to ours"
            ),
        ),
        (
            lambda _: None,
            (
                "as_params of trial 1 of Optuna study 'units': not a dict of names and values; "
                'got None; allowed: {"width": 64, ...}'
            ),
        ),
        (
            {"n_units": 3},
            "as_params of trial 1 of Optuna study 'units': not a name; got 3; allowed: a text",
        ),
    ],
)
def test_a_translation_that_makes_no_params_is_one_message(as_params: Any, message: str) -> None:
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for(optuna_study(), baseline=SMALL, as_params=as_params)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"candidates": [{1: 8}]},
            "candidate 1: not a name; got 1; allowed: a text",
        ),
        (
            {"candidates": [{"width": 8}], "baseline": "four"},
            "baseline: not a dict of names and values; got 'four'; allowed: {\"width\": 64, ...}",
        ),
        (
            {"candidates": [{"width": 8}], "name": 3},
            "name: not a study name; got 3; allowed: a text",
        ),
        (
            {"candidates": [{"width": 8}], "jobs": 0},
            "jobs: not a whole number in range; got 0; allowed: 1 or more",
        ),
    ],
)
def test_a_mistyped_argument_of_a_verdict_is_one_message(
    asked: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for(**{"baseline": SMALL, "runs_dir": tmp_path, **asked})
    assert str(caught.value) == message


def test_what_are_no_candidates_is_one_message(tmp_path: Path) -> None:
    message = (
        "candidates: no candidates; got 3; allowed: an optuna.Study, its (storage URL, name), "
        "or a list of params as dicts"
    )
    with pytest.raises(study.DenseStudyError, match=re.escape(message)):
        study.verdict_for(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="no options of verdict_for: trials"):
        study.verdict_for([{"width": 8}], trials=3)
    for top, got in ((0, "0"), (1.5, "1.5"), ("3", "'3'"), (True, "true")):
        message = f"top: not a whole number in range; got {got}; allowed: 1 or more"
        with pytest.raises(study.DenseStudyError, match=re.escape(message)):
            study.verdict_for([{"width": 8}], top=top)  # type: ignore[arg-type]
    several = optuna.create_study(directions=["maximize", "minimize"], study_name="two")
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for(several)
    assert str(caught.value) == (
        "Optuna study 'two': which trials are best is not defined: it has several objectives; "
        "got 2; allowed: one objective, or a list of the params you mean"
    )
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for(optuna.create_study(study_name="new"))
    assert str(caught.value) == ("Optuna study 'new': has no complete trial; allowed: at least one")
    missing = tmp_path / "no.db"
    with pytest.raises(study.DenseStudyError, match="no such database"):
        study.verdict_for((f"sqlite:///{missing}", "units"))
    assert not missing.exists()


@pytest.mark.slow
def test_an_optuna_study_gets_a_verdict_and_its_record_says_where_it_is_from(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/mine.db"
    optuna_study("minimize", storage=url)
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for((url, "unit"))
    assert str(caught.value) == (
        f"{url}: holds no such study (did you mean units?); got unit; allowed: units"
    )
    asked = {"baseline": SMALL, "as_params": to_ours, "top": 2, "confirm_seeds": 2, "jobs": 2}
    asked["folds"] = 1
    made = study.verdict_for((url, "units"), runs_dir=tmp_path, quiet=True, **asked)
    assert made.name == "units-digits"
    assert made.verdict is not None
    # The lowest value is the best one, and the trial that has not ended is none.
    assert [(one.origin, one.config["width"], one.state) for one in made.trials] == [
        ("baseline", 16, "complete"),
        ("enqueued", 64, "complete"),
        ("enqueued", 48, "complete"),
    ]
    record = made.record
    assert record.candidates == "given"
    assert record.space.about == (
        "From Optuna study 'units', of 4 complete trials the best that differ, in this order: "
        "0, 3. Their values there count for nothing here."
    )
    assert space_card(record).title == "What was tried?"
    assert commands(record)[0] == (
        "study.verdict_for(candidates, 'digits', name='units-digits', seed=0, jobs=2, folds=1)  "
        "# in Python, with the same candidates and baseline"
    )
    assert "given, best first; nothing was searched" in str(repeat_card(record))
    assert made.report().is_file()

    # The same call again trains nothing; other candidates are another study.
    lines = [(made.folder / name).read_text() for name in ("trials.jsonl", "retrainings.jsonl")]
    again = study.verdict_for((url, "units"), runs_dir=tmp_path, quiet=True, **asked)
    assert again.verdict == made.verdict
    assert [(made.folder / n).read_text() for n in ("trials.jsonl", "retrainings.jsonl")] == lines
    with pytest.raises(study.DenseStudyError) as caught:
        study.verdict_for((url, "units"), runs_dir=tmp_path, **asked | {"top": 1})
    assert str(caught.value) == (
        "study units-digits: was started with other candidates; "
        "allowed: the same candidates, or a new name"
    )
