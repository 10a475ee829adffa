"""An SQLite file that another program holds is waited for, with a word, and nothing is lost."""

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from search_spaces.faults import FaultError
from search_spaces.read import read_space
from study.cli import exit_code
from study.commands.dashboard import dashboard_storage
from study.coordinator.interrupts import Interrupts
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.database.reconnect import Reconnect
from study.run_dir.paths import RunDirectory

pytestmark = pytest.mark.slow

OLD_RUNS = Path(__file__).parents[1] / "old_runs.tar.xz"
# What another program may do, and what keeps it from the file: all, writing, ending a transaction.
HOLDS = ("BEGIN EXCLUSIVE", "BEGIN IMMEDIATE", "BEGIN; SELECT * FROM studies")


class Holder:
    """Another program that holds a database until it is waited for so often."""

    def __init__(self, path: Path, hold: str, waits: int = 1) -> None:
        self._path, self._hold, self._waits = path, hold, waits
        self._held: sqlite3.Connection | None = None
        self.pauses = 0

    def take(self) -> None:
        self._held = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        *first, last = self._hold.split("; ")
        for statement in first:
            self._held.execute(statement)
        # A reader that has not read to the end.
        self._cursor = self._held.execute(last)

    def let_go(self) -> None:
        if self._held is not None:
            self._cursor.close()
            self._held.close()
            self._held = None

    def pause(self, _seconds: float) -> None:
        """Stand for the pauses of whoever waits."""
        self.pauses += 1
        if self.pauses == self._waits:
            self.let_go()


@pytest.fixture
def hold() -> Iterator[Callable[..., Holder]]:
    made: list[Holder] = []

    def make(path: Path, how: str = HOLDS[0], waits: int = 1) -> Holder:
        made.append(Holder(path, how, waits))
        return made[-1]

    yield make
    for one in made:
        one.let_go()


@pytest.fixture
def waits_shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite itself wait for no lock."""
    monkeypatch.setattr("study.database.connect._BUSY_SECONDS", 0.0)


@contextmanager
def said_to(hear: Callable[[], None]) -> Iterator[list[str]]:
    """Call back when somebody says that a database is waited for; yield what was said."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())
            hear()

    ear = Ear()
    logging.getLogger("study.database.reconnect").addHandler(ear)
    try:
        yield said
    finally:
        logging.getLogger("study.database.reconnect").removeHandler(ear)


def taken_at_fourth(running: Any, holder: Holder) -> Any:
    """Let a database be taken once the fourth trial has started."""

    def after(_event: object) -> None:
        if len(running.started) == 4:
            running.after = lambda _event: None
            holder.take()

    running.after = after
    return running


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Studies whose records lie in their databases alone."""
    shutil.unpack_archive(OLD_RUNS, tmp_path / "runs", filter="data")
    return tmp_path / "runs"


def migrate(run: RunDirectory, reconnect: Reconnect, opened: Callable[[], None]) -> None:
    url = f"sqlite:///{run.database}"
    with closing(open_storage(url, run.name, create=True, reconnect=reconnect)) as storage:
        opened()
        space = read_space(run.space.read_text(), "space")
        TrialLog(run, storage, space).restore()


@pytest.mark.usefixtures("waits_shortly")
@pytest.mark.parametrize("how", HOLDS)
def test_a_study_waits_for_its_database_says_so_and_loses_nothing(
    how, make_study, executor, hold, caplog
):
    study = make_study(trials=6)
    holder = hold(study.folder / "study.db", how, waits=3)
    running = taken_at_fourth(executor(), holder)
    assert study.run(running, reconnect=Reconnect(pause=holder.pause)) == "done"

    assert holder.pauses == 3
    assert [record.getMessage() for record in caplog.records] == [
        f"{study.url}: another program has it locked; waiting up to 60 s"
    ]
    whole = make_study(trials=6)
    whole.run(executor())
    assert study.answers() == whole.answers()
    shown = [[(one.number, one.state, one.value) for one in s.shown()] for s in (study, whole)]
    assert shown[0] == shown[1]


@pytest.mark.usefixtures("waits_shortly")
def test_a_database_that_stays_locked_ends_the_run_with_one_message_and_loses_nothing(
    make_study, executor, hold
):
    study = make_study(trials=6)
    holder = hold(study.folder / "study.db")
    running = taken_at_fourth(executor(), holder)
    with pytest.raises(FaultError) as caught:
        study.run(running, reconnect=Reconnect(seconds=0.0))
    assert str(caught.value) == (
        f"{study.url}: another program has it locked, and did not let go: database is locked; "
        "allowed: try again when that program has ended"
    )
    recorded = study.records()
    assert [one.number for one in recorded] == [0, 1, 2, 3]
    holder.let_go()
    assert study.run(executor()) == "done"
    assert study.records()[:4] == recorded
    assert [trial.number for trial in study.shown()] == list(range(6))


@pytest.mark.usefixtures("waits_shortly")
def test_who_waits_for_a_database_can_be_interrupted(make_study, executor, hold):
    study = make_study(trials=2)
    study.run(executor())
    hold(study.folder / "study.db").take()
    interrupts = Interrupts()
    with said_to(interrupts.add), pytest.raises(KeyboardInterrupt):
        study.run(executor(), reconnect=Reconnect(pause=interrupts.sleep))


@pytest.mark.usefixtures("waits_shortly")
@pytest.mark.parametrize("create", [True, False])
def test_opening_waits_too(create, tmp_path, hold):
    path = tmp_path / "study.db"
    open_storage(f"sqlite:///{path}", "s", create=True).close()
    holder = hold(path, waits=2)
    holder.take()
    reconnect = Reconnect(pause=holder.pause)
    with closing(open_storage(f"sqlite:///{path}", "s", create, reconnect=reconnect)) as found:
        assert found.trials() == []
    assert holder.pauses == 2


@pytest.mark.usefixtures("waits_shortly")
@pytest.mark.parametrize("command", ["show", "report", "list", "dashboard"])
def test_readers_of_a_study_whose_records_lie_in_its_database_wait_for_it(
    command, runs, hold, capsys
):
    holder = hold(runs / "old-done" / "study.db")
    holder.take()
    with said_to(holder.let_go) as said:
        if command == "dashboard":
            assert dashboard_storage("old-done", None, runs).endswith("study.db")
        else:
            names = [] if command == "list" else ["old-done"]
            assert exit_code([command, *names, "--runs-dir", str(runs)]) == 0
            assert "old-done" in capsys.readouterr().out
    assert len(said) == 1


@pytest.mark.usefixtures("waits_shortly")
@pytest.mark.parametrize("how", HOLDS)
def test_the_migration_of_an_old_study_waits(how, runs, hold):
    run = RunDirectory(runs / "old-stopped")
    holder = hold(run.database, how, waits=2)
    migrate(run, Reconnect(pause=holder.pause), holder.take)
    assert holder.pauses == 2
    untouched = RunDirectory(shutil.copytree(run.root, runs / "untouched"))
    migrate(run, Reconnect(), lambda: None)
    assert run.trials.read_bytes() == untouched.trials.read_bytes()


@pytest.mark.parametrize("command", ["show", "report", "list", "delete"])
def test_no_other_command_needs_the_database_of_a_study(command, runs, hold, capsys):
    run = RunDirectory(runs / "old-done")
    shutil.rmtree(runs / "old-stopped")
    migrate(run, Reconnect(), lambda: None)
    hold(run.database).take()
    names = [] if command == "list" else [run.name]
    more = ["--yes"] if command == "delete" else []
    assert exit_code([command, *names, *more, "--runs-dir", str(runs)]) == 0
    assert run.name in capsys.readouterr().out
