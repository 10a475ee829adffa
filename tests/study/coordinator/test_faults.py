"""Disk full, read-only folder, storage gone: one message, and all that was recorded is kept."""

import resource
import subprocess
import sys
import textwrap

import pytest

from search_spaces.faults import FaultError
from study.coordinator.storage import open_storage
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import storage_url


@pytest.mark.slow
def test_a_database_that_vanishes_in_mid_study_is_one_fault_and_loses_nothing_recorded(
    make_study, executor
):
    study = make_study(trials=8)
    running = executor()

    def vanish(_event):
        if len(running.started) == 4:
            (study.folder / "study.db").rename(study.folder / "away.db")
            (study.folder / "study.db").mkdir()
            running.after = lambda _event: None

    running.after = vanish
    with pytest.raises(FaultError) as caught:
        study.run(running)
    assert len(caught.value.faults) == 1
    assert str(caught.value).startswith(f"sqlite:///{study.folder / 'study.db'}: the storage")
    (study.folder / "study.db").rmdir()
    (study.folder / "away.db").rename(study.folder / "study.db")
    assert [record.number for record in study.records()] == [0, 1, 2, 3]
    assert [trial.number for trial in study.shown()] == [0, 1, 2]
    assert study.run(executor()) == "done"
    whole = make_study(trials=8)
    whole.run(executor())
    assert study.answers() == whole.answers()
    assert [trial.user_attrs["seed"] for trial in study.shown()] == [
        record.seed for record in study.records()
    ]


@pytest.mark.slow
def test_a_full_disk_is_one_fault_and_loses_nothing_recorded(make_study, tmp_path):
    study = make_study(trials=300)
    script = tmp_path / "fill.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import importlib.util, resource, signal, sys
            from pathlib import Path
            spec = importlib.util.spec_from_file_location("builders", sys.argv[1])
            builders = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(builders)
            from search_spaces.faults import FaultError
            from search_spaces.read import read_space
            study = builders.Study(
                Path({str(study.folder)!r}), read_space(builders.SPACE, "tiny"),
                trials=int(sys.argv[3]), sampler="random",
            )
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            limit = int(sys.argv[2])
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            try:
                print(study.run(builders.SimulatedExecutor()))
            except FaultError as error:
                print(f"{{len(error.faults)}} fault: {{error}}")
            """
        )
    )

    def run(limit, trials):
        builders = sys.modules[type(study).__module__].__file__
        command = [sys.executable, str(script), str(builders), str(limit), str(trials)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    assert run(200_000, 300).startswith("1 fault: ")
    ended = [record.number for record in study.records()]
    assert ended == list(range(len(ended)))
    assert 5 < len(ended) < 300
    more = len(ended) + 3
    assert run(resource.RLIM_INFINITY, more) == "done"
    assert [record.number for record in study.records()] == list(range(more))
    assert [trial.number for trial in study.shown()] == list(range(more))


def test_a_missing_database_is_a_fault_and_is_not_made(tmp_path):
    run = RunDirectory(tmp_path)
    with pytest.raises(FaultError) as caught:
        open_storage(storage_url(run, None, None), "s", create=False)
    assert str(caught.value) == f"sqlite:///{tmp_path / 'study.db'}: no such database"
    assert list(tmp_path.iterdir()) == []


def test_a_url_that_is_none_is_one_fault_without_its_password():
    with pytest.raises(FaultError) as caught:
        open_storage("nonsense://me:secret@nowhere/db", "s", create=True)
    assert "secret" not in str(caught.value)
    assert str(caught.value).startswith("nonsense://me:***@nowhere/db: ")


def test_a_storage_without_the_study_says_which_it_holds(tmp_path):
    url = f"sqlite:///{tmp_path / 'many.db'}"
    open_storage(url, "first", create=True).close()
    with pytest.raises(FaultError) as caught:
        open_storage(url, "second", create=False)
    assert str(caught.value) == f"{url}: holds no such study; got second; allowed: first"
