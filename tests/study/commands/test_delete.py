from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from reports.opening import Purpose
from search_spaces.faults import FaultError
from study.commands.delete import command
from study.run_dir.ledger import ledger_at, open_ledger
from study.run_dir.lock import locked
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, write_plan

Start = Callable[..., RunDirectory]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    def _start(name: str, storage: str = "") -> RunDirectory:
        run = RunDirectory(tmp_path / "runs" / name)
        run.create()
        plan = Plan(
            name=name,
            created="2026-01-01T00:00:00+00:00",
            data="digits",
            data_fingerprint="d" * 64,
            space="smoke",
            space_fingerprint="s" * 64,
            seed=1,
            split_seed=2,
            share=0.2,
            sampler="tpe",
            pruner="median",
            window=0,
            trials=3,
            timeout_seconds=0.0,
            trial_timeout_seconds=0.0,
            jobs=1,
            storage=storage,
            versions={},
            machine="",
        )
        write_plan(run, plan)
        run.best.mkdir()
        (run.best / "card.md").write_bytes(bytes(2_000_000))
        return run

    return _start


def _delete(runs: Path, *arguments: str) -> list[str]:
    result = CliRunner().invoke(
        command, [*arguments, "--runs-dir", str(runs)], standalone_mode=False
    )
    if result.exception:
        raise result.exception
    return result.output.replace(str(runs.parent), "HERE").splitlines()


def test_without_yes_it_only_tells(start: Start) -> None:
    run = start("first")

    lines = _delete(run.root.parent, "first")

    assert lines == [
        "would delete HERE/runs/first: 3 files, 2.0 MB",
        "Nothing was deleted. Add --yes to delete.",
    ]
    assert (run.best / "card.md").is_file()
    assert run.exists()


def test_with_yes_the_named_studies_go_and_no_other(start: Start) -> None:
    first, third = start("first"), start("third")
    start("second", "mysql://db/x")

    lines = _delete(first.root.parent, "first", "second", "first", "--yes")

    assert lines == [
        "deleted HERE/runs/first: 3 files, 2.0 MB",
        "deleted HERE/runs/second: 3 files, 2.0 MB; its trials stay in mysql://db/x",
    ]
    assert [path.name for path in first.root.parent.iterdir()] == ["third"]
    assert third.exists()


def test_a_running_study_stays_and_so_does_all_that_was_named_with_it(start: Start) -> None:
    first, second = start("first"), start("second")

    with locked(second), pytest.raises(FaultError, match="is running this study"):
        _delete(first.root.parent, "first", "second", "--yes")

    assert first.exists()
    assert second.exists()


def test_names_that_are_no_studies_of_the_folder_are_all_reported(start: Start) -> None:
    run = start("first")
    outside = run.root.parent.parent / "precious"
    outside.mkdir()
    (outside / "plan.toml").write_text("")
    (run.root.parent / "link").symlink_to(outside)
    (run.root.parent / "notes").mkdir()

    with pytest.raises(FaultError) as error:
        _delete(run.root.parent, "../precious", "..", ".", "", "link", "notes", "absent", "--yes")

    assert [fault.what for fault in error.value.faults] == [
        *["not a study name"] * 4,
        "a link, not a run directory",
        *["no such study"] * 2,
    ]
    assert (outside / "plan.toml").exists()
    assert run.exists()


def test_a_link_inside_a_run_directory_is_not_followed(start: Start) -> None:
    run = start("first")
    outside = run.root.parent.parent / "precious"
    outside.mkdir()
    (outside / "file").write_text("keep")
    (run.root / "link").symlink_to(outside)

    _delete(run.root.parent, "first", "--yes")

    assert not run.root.exists()
    assert (outside / "file").read_text() == "keep"


def test_a_study_with_a_damaged_plan_can_be_deleted(start: Start) -> None:
    run = start("first")
    run.plan.write_text("not [ toml")

    _delete(run.root.parent, "first", "--yes")

    assert not run.root.exists()


def test_what_it_opened_of_a_test_split_stays_and_counts(start: Start) -> None:
    run = start("first")
    runs = run.root.parent
    purpose = Purpose("final", "trial 3", seeds=5)
    opening = open_ledger(run).append("2026-01-02T00:00:00Z", purpose, ("a",), "f" * 64)

    (said, _) = _delete(runs, "first")
    assert [path.name for path in runs.iterdir()] == ["first"]
    (done,) = _delete(runs, "first", "--yes")

    (left,) = runs.iterdir()
    assert left.name.startswith("first-")
    stays = f"its openings of the test split stay in HERE/runs/{left.name}, since they still count"
    assert said == f"would delete HERE/runs/first: 4 files, 2.0 MB; {stays}"
    assert done == f"deleted HERE/runs/first: 4 files, 2.0 MB; {stays}"
    assert ledger_at(left).lines() == (opening,)
