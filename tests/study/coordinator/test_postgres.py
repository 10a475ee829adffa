"""A study whose storage is a real PostgreSQL server: recorded once, held once, lost never."""

import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import optuna
import pytest

from search_spaces.faults import FaultError
from search_spaces.write import write_space
from study.coordinator.asked_trials import AskedFile
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.interrupts import Interrupts
from study.coordinator.recorded_trials import RecordedTrials
from study.coordinator.search import SearchTask, run_search
from study.coordinator.storage import TrialStorage, open_storage
from study.coordinator.trial_log import TrialLog
from study.database.connect import reading_storage
from study.database.mirror import Mirror
from study.database.ownership import owned_study
from study.database.reader import sizes, write_copy
from study.database.reconnect import RECONNECT, Reconnect
from study.database.url import checked_url
from study.run_dir.json_lines import JsonLines
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import find_plan, write_plan
from study.run_dir.urls import redact_url

pytestmark = pytest.mark.slow


def run_on(url, study, folder, executor, reconnect=RECONNECT):
    """Run a study as the commands do, its files in `folder`, and return why the search ended."""
    run = RunDirectory(folder / "s")
    run.create()
    with owned_study(run, find_plan(run), url, reconnect) as at:
        run = at.run
        if not run.exists():
            run.write_text(run.space, write_space(study.space))
            write_plan(run, replace(study.plan, storage=redact_url(url)))
        with closing(open_storage(url, "s", create=True, owned=at.storage)) as storage:
            task = SearchTask(study.plan, study.space, 100, 100)
            log = TrialLog(run, storage, study.space)
            return run_search(task, log, executor, NoCallbacks(), Interrupts())


def answers(records):
    return [
        (
            *(r.number, r.state, r.origin, r.params, r.seed, r.accuracy, r.unpruned, r.reason),
            *(row.validation_accuracy for row in r.curve),
        )
        for r in records
    ]


def recorded(url):
    """Return what a storage keeps of the trials that ended, seen without a run directory."""
    with TemporaryDirectory() as folder:
        copy = RunDirectory(Path(folder) / "s")
        return answers(RecordedTrials(copy).read()) if write_copy(url, copy) else []


def shown(url):
    """Return the trials as anyone sees them who opens the storage with Optuna."""
    storage = reading_storage(checked_url(url))
    return optuna.load_study(study_name="s", storage=storage).get_trials()


def on_sqlite(make_study, executor, **asked):
    study = make_study(**asked)
    assert study.run(executor()) == "done"
    return answers(study.records())


def test_a_study_is_the_same_on_sqlite_and_on_postgresql(make_study, executor, database, tmp_path):
    study = make_study(trials=20, pruner="median")
    assert run_on(database, study, tmp_path, executor()) == "done"
    assert recorded(database) == on_sqlite(make_study, executor, trials=20, pruner="median")
    files = optuna.storages.RDBStorage(f"sqlite:///{tmp_path / '1' / 'study.db'}")
    both = optuna.load_study(study_name="s", storage=files).get_trials(), shown(database)
    files.engine.dispose()
    rows = [
        [
            (t.number, t.state, t.params, t.value, t.intermediate_values, t.user_attrs["seed"])
            for t in trials
        ]
        for trials in both
    ]
    assert rows[0] == rows[1]
    assert {row[1].name for row in rows[0]} == {"COMPLETE", "PRUNED"}


def test_a_study_lives_through_restarts_of_the_server(
    make_study, executor, postgres, database, tmp_path
):
    study, running = make_study(trials=30, jobs=3), executor(slots=3)
    restarts, one_at_a_time = [], threading.Lock()

    def restart():
        with one_at_a_time:
            postgres.stop("immediate")
            time.sleep(1.0)
            postgres.start()

    def watch(_event):
        time.sleep(0.005)
        if len(running.started) in (6, 13, 22) and len(running.started) not in restarts:
            restarts.append(len(running.started))
            threads.append(threading.Thread(target=restart))
            threads[-1].start()

    threads: list[threading.Thread] = []
    running.after = watch
    try:
        assert run_on(database, study, tmp_path, running) == "done"
    finally:
        for thread in threads:
            thread.join()
    assert restarts == [6, 13, 22]
    rows = recorded(database)
    assert [row[0] for row in rows] == list(range(30))
    name = database.rpartition("/")[2]
    assert postgres.execute("SELECT count(*) FROM trials", name) == [(30,)]
    lines = "SELECT name, count(*) FROM dense_study_lines GROUP BY name ORDER BY name"
    assert postgres.execute(lines, name) == [("asked.jsonl", 30), ("trials.jsonl", 30)]
    assert [trial.number for trial in shown(database)] == list(range(30))


def test_a_server_that_stays_away_ends_the_run_with_one_message_and_loses_nothing_recorded(
    make_study, executor, postgres, database, tmp_path
):
    study, running = make_study(trials=8), executor()

    def stop(_event):
        if len(running.started) == 4:
            running.after = lambda _event: None
            postgres.stop("immediate")

    running.after = stop
    try:
        with pytest.raises(FaultError) as caught:
            run_on(database, study, tmp_path, running, Reconnect(0.5, 0.1, 0.2))
    finally:
        postgres.start()
    assert len(caught.value.faults) == 1
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{redact_url(database)}: the storage failed: connection")
    assert [row[0] for row in recorded(database)] == [0, 1, 2]
    assert [trial.number for trial in shown(database)] == [0, 1, 2]
    assert run_on(database, study, tmp_path, executor()) == "done"
    assert recorded(database) == on_sqlite(make_study, executor, trials=8)


@pytest.mark.parametrize("notice", [0.0, 3.0])
@pytest.mark.parametrize("lost", ["asked.jsonl", "trials.jsonl", "trials"])
def test_a_commit_whose_answer_was_lost_is_not_done_twice(
    make_study, executor, postgres, proxy, tmp_path, monkeypatch, notice, lost
):
    database = postgres.new_database()
    # For `notice` seconds the server takes the lost connection, and its lock, for alive.
    proxy.notice = notice
    study, calls = make_study(trials=10), []

    def losing(call, table):
        def lose(self, *given):
            if lost == (table or given[0]):
                calls.append(given)
                if len(calls) in (3, 6):
                    proxy.lose_next_commit()
            return call(self, *given)

        return lose

    monkeypatch.setattr(Mirror, "line", losing(Mirror.line, None))
    monkeypatch.setattr(TrialStorage, "create", losing(TrialStorage.create, "trials"))
    url = database.replace(f":{postgres.port}/", f":{proxy.port}/")
    assert run_on(url, study, tmp_path, executor()) == "done"
    assert len(calls) == 10
    assert len(proxy.lost) == 2
    assert recorded(database) == on_sqlite(make_study, executor, trials=10)
    assert [trial.number for trial in shown(database)] == list(range(10))
    name = database.rpartition("/")[2]
    assert postgres.execute("SELECT count(*) FROM trials", name) == [(10,)]


def test_a_second_coordinator_is_refused_and_readers_are_not(
    make_study, executor, database, tmp_path
):
    study, running = make_study(trials=6), executor()
    seen = []

    def look(_event):
        with pytest.raises(FaultError) as caught:
            run_on(database, study, tmp_path / "elsewhere", executor())
        seen.append(str(caught.value))
        for reader in ("one", "two"):
            assert write_copy(database, RunDirectory(tmp_path / reader / "s"))
            seen.append(len(recorded(database)))
        seen.append(sizes(database, "s"))
        assert sizes(database, "another") is None
        running.after = lambda _event: None

    def wait(event):
        if len(running.started) == 4:
            look(event)

    running.after = wait
    assert run_on(database, study, tmp_path, running) == "done"
    message, *counts, size = seen
    who, _, advice = message.partition(", pid ")
    assert who.startswith(
        f"{redact_url(database)}: another coordinator is running study s; got dense-study, "
    )
    assert advice.endswith("; allowed: wait for its end, or stop it")
    assert counts == [3, 3]
    assert size == (3, 4 + 3, 2)  # shown; asked, recorded; space and plan
    assert sizes(database, "s") is None
    assert len(recorded(database)) == 6


def test_a_lock_that_was_lost_and_that_another_took_ends_the_run_with_one_message(
    make_study, executor, postgres, database, tmp_path
):
    study, running = make_study(trials=6), executor()
    stack = []

    def cut(_event):
        if len(running.started) != 3:
            return
        running.after = lambda _event: None
        name = database.rpartition("/")[2]
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        postgres.execute(f"{cut} WHERE application_name LIKE 'dense-study%'", name)
        other = RunDirectory(tmp_path / "elsewhere" / "s")
        other.create()
        stack.append(owned_study(other, find_plan(other), database))
        stack[0].__enter__()

    running.after = cut
    try:
        with pytest.raises(FaultError, match="another coordinator is running study s; got dense"):
            run_on(database, study, tmp_path, running)
    finally:
        stack[0].__exit__(None, None, None)
    assert len(recorded(database)) == 2
    assert run_on(database, study, tmp_path / "elsewhere", executor()) == "done"
    assert recorded(database) == on_sqlite(make_study, executor, trials=6)


OWNER = """
import importlib.util, sys, time
from pathlib import Path

def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

builders, tests = load(sys.argv[1], "builders"), load(sys.argv[2], "tests")
folder, url = Path(sys.argv[3]), sys.argv[4]
study = builders.Study(folder, builders.read_space(builders.SPACE, "tiny.toml"), trials=25)
executor = builders.SimulatedExecutor()
executor.after = lambda _event: time.sleep(0.01)
print(tests.run_on(url, study, folder, executor))
"""


def test_a_killed_coordinator_goes_on_elsewhere_with_an_empty_run_directory(
    make_study, executor, database, tmp_path
):
    study = make_study(trials=25)
    script = tmp_path / "owner.py"
    script.write_text(textwrap.dedent(OWNER))
    builders = sys.modules[type(study).__module__].__file__
    for kill, count in enumerate((5, 12)):
        folder = tmp_path / f"machine{kill}"
        folder.mkdir()
        command = [sys.executable, str(script), builders, __file__, str(folder), database]
        with subprocess.Popen(command) as owner:
            wait_until_recorded(owner, database, count)
            owner.kill()
    last = tmp_path / "another machine"
    assert run_on(database, study, last, executor()) == "done"
    assert recorded(database) == on_sqlite(make_study, executor, trials=25)
    asked = [trial.number for trial in AskedFile(JsonLines(last / "s" / "asked.jsonl")).read()]
    assert asked == list(range(25))


def wait_until_recorded(owner, url, count):
    while owner.poll() is None:
        try:
            if len(recorded(url)) >= count:
                return
        except FaultError:  # not begun
            pass
        time.sleep(0.05)
    pytest.fail("the coordinator ended by itself")
