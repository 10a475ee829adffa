"""How commands on a page name the data, so that they can be copied."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.data_flags import data_file, data_flags
from reports.record import StudyRecord
from reports.study_commands import commands, trial_commands
from reports.unfinished import going_on
from search_spaces.data_source import DataOptions

MakeRecord = Callable[..., StudyRecord]


@pytest.mark.parametrize(
    ("name", "file", "taken"),
    [
        ("mnist", "copy.npz", "mnist"),
        ("mine", "mine.csv", "mine.csv"),
        ("iris", "iris", "iris"),
        ("older", "", "older.npz"),
    ],
)
def test_data_is_named_as_the_option_takes_it(make_record: MakeRecord, name, file, taken) -> None:
    record = make_record(2)
    record = replace(record, data=replace(record.data, name=name), data_file=file)

    assert data_file(record) == taken


def test_all_that_says_how_a_table_is_read_is_in_the_commands(make_record: MakeRecord) -> None:
    record = make_record(4)
    options = DataOptions("the kind", ("id", "no"), "late.csv", 0.0, "person", "day")
    data = replace(record.data, name="my table")
    record = replace(record, data=data, data_file="my table.csv", read_as=options)
    flags = (
        "--data 'my table.csv' --target 'the kind' --drop id --drop no --test-data late.csv "
        "--group person --time day"
    )

    assert data_flags(record) == flags
    assert commands(record)[0].startswith(f"dense-study run four {flags} --trials ")
    assert trial_commands(record)[1] == ("dense-study train trial-", f".toml {flags}")


def test_a_study_of_ones_own_network_goes_on_by_the_same_call(make_record: MakeRecord) -> None:
    record = make_record(4)
    own = replace(record, space=replace(record.space, network="own"))

    assert going_on(own) == (
        f"study.verdict_for(candidates, build=build, name={record.name!r}), the same call"
    )


def test_a_study_is_repeated_on_its_own_measure(make_record: MakeRecord) -> None:
    record = make_record(4)
    assert "--measure" not in commands(record)[0]

    for measure in ("log_loss", "weighted_log_loss"):
        assert " --measure log_loss" in commands(replace(record, measure=measure))[0]
    assert "--measure" not in commands(replace(record, measure="weighted_accuracy"))[0]


def test_what_a_program_gave_is_repeated_by_a_program(make_record: MakeRecord) -> None:
    record = make_record(4)
    given = replace(
        record,
        candidates="given",
        measure="brier_score",
        folds=3,
        data=replace(record.data, name="mine"),
        data_file="mine.csv",
        read_as=DataOptions("kind", ("id",)),
    )

    assert commands(given)[0] == (
        "study.verdict_for(candidates, 'mine.csv', target='kind', drop=('id',), "
        f"name={record.name!r}, seed={record.seed}, jobs={record.jobs}, measure='brier_score', "
        "folds=3)  # in Python, with the same candidates and baseline"
    )
