"""Which targets there are, how they are asked for, and what is said where a package is missing."""

import importlib.util
from pathlib import Path

import pytest

from reports.record import StudyRecord
from search_spaces.faults import FaultError
from study.exporters.destination import (
    LIVE_TARGETS,
    TARGETS,
    Destination,
    check_installed,
    opened_exporter,
    parse_live,
)


def test_trackers_can_be_written_live_and_tables_afterwards() -> None:
    assert TARGETS == ("mlflow", "tensorboard", "wandb", "parquet", "csv")
    assert LIVE_TARGETS == ("mlflow", "tensorboard", "wandb")


@pytest.mark.parametrize(
    ("text", "destination"),
    [
        ("mlflow", Destination("mlflow")),
        ("mlflow=http://server:5000", Destination("mlflow", "http://server:5000")),
        ("tensorboard=logs/a=b", Destination("tensorboard", "logs/a=b")),
    ],
)
def test_a_tracker_is_asked_for_by_its_name_and_perhaps_a_place(
    text: str, destination: Destination
) -> None:
    assert parse_live(text) == destination
    assert destination.as_words() == text


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("mlfow", "unknown target (did you mean mlflow?)"),
        ("csv", "unknown target"),
        ("wandb=", "names no place"),
        ("", "unknown target"),
    ],
)
def test_what_is_no_tracker_is_one_message(text: str, what: str) -> None:
    with pytest.raises(FaultError) as caught:
        parse_live(text)
    assert str(caught.value) == (
        f"--log-to: {what}; got {text!r}; allowed: mlflow, tensorboard, wandb, and =PLACE behind it"
    )


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    said = []
    for target in TARGETS[:-1]:
        with pytest.raises(FaultError) as caught:
            check_installed(target, "--to")
        said.append(str(caught.value))
    assert said == [
        "--to mlflow: mlflow is not installed; allowed: pip install 'dense-study[mlflow]'",
        (
            "--to tensorboard: tensorboard is not installed; "
            "allowed: pip install 'dense-study[tensorboard]'"
        ),
        "--to wandb: wandb is not installed; allowed: pip install 'dense-study[wandb]'",
        "--to parquet: pyarrow is not installed; allowed: pip install 'dense-study[tables]'",
    ]
    check_installed("csv", "--to")


def test_a_target_that_there_is_not_is_one_message() -> None:
    with pytest.raises(FaultError) as caught:
        check_installed("parket", "export_to")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "export_to: unknown target (did you mean parquet?); got parket; "
        "allowed: mlflow, tensorboard, wandb, parquet, csv"
    )


@pytest.mark.parametrize("target", ["tensorboard", "wandb", "mlflow"])
@pytest.mark.slow
def test_no_tracker_writes_into_what_a_study_lives_by(
    record: StudyRecord, study_folder: Path, target: str
) -> None:
    place = str(study_folder / "weights")
    with (
        pytest.raises(FaultError, match="it is a file of the study in"),
        opened_exporter(Destination(target, place), record, study_folder),  # type: ignore[arg-type]
    ):
        pass
    assert not (study_folder / "weights").exists()
