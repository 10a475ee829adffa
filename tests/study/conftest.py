"""Builders of finished studies, a PostgreSQL server, and processes that are warm from the start."""

import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import Engine, event

import study.executors.local
import study.networks.tasks
from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.fingerprint import space_fingerprint
from search_spaces.read import read_space
from search_spaces.write import write_space
from study.config import config_from_params
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.storage import open_storage
from study.coordinator.trial_log import TrialLog
from study.data.describe import describe
from study.data.load import load_data
from study.data.split import VALIDATION_SHARE
from study.data.values import Split
from study.executors.pipe_messages import Broken, OpenData, Ready
from study.executors.protocol import Failed, Finished, Job, Stopped
from study.executors.worker_process import PROCESSOR, WorkerProcess, start_module
from study.machine import machine, versions
from study.networks.tasks import READY
from study.run_dir.paths import RunDirectory
from study.run_dir.plan import Plan, storage_url, write_plan

TINY = """
name = "tiny"
[parameters.width]
type = "int"
low = 8
high = 512
[fixed]
depth = 1
batch_size = 32
epochs = 2
[baseline]
depth = 1
width = 16
batch_size = 32
epochs = 2
"""

# Makes a study at a path: searched widths and their accuracies (None: failed), the baseline first.
MakeStudy = Callable[..., RunDirectory]


@pytest.fixture(scope="session", autouse=True)
def unsynced() -> Iterator[None]:
    """Let nothing in this process wait for the disk, which is most of what a small study does.

    Processes are killed in tests, but the machine does not fail.
    """

    def let_go(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous = OFF")

    event.listen(Engine, "connect", let_go)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield
    event.remove(Engine, "connect", let_go)


@pytest.fixture(scope="session")
def make_study() -> MakeStudy:
    def _make(
        root: Path,
        trials: Sequence[tuple[int, float | None]] = ((16, 0.5), (32, 0.8), (24, None)),
        data: str = "digits",
        space_text: str = TINY,
    ) -> RunDirectory:
        run = RunDirectory(root)
        run.create()
        space = read_space(space_text, "tiny.toml")
        loaded = load_data(data, {})
        split = Split(11, VALIDATION_SHARE)
        record = describe(loaded, split)
        run.write_text(run.space, write_space(space))
        run.write_text(run.data, json.dumps(asdict(record)))
        with closing(open_storage(storage_url(run, None, None), run.name, create=True)) as storage:
            log = TrialLog(run, storage, space)
            log.restore()
            for number, (width, accuracy) in enumerate(trials):
                params = {"width": width}
                config = config_from_params({**space.fixed, **params})
                origin = "search" if number else "baseline"
                log.ask(AskedTrial(number, number, origin, params, config, 100 + number))
                ended = TrialRecord(
                    number=number,
                    state="failed" if accuracy is None else "complete",
                    origin=origin,
                    params=params,
                    config=config.as_params(),
                    seed=100 + number,
                    split="validation",
                    n=record.validation_n,
                    accuracy=accuracy,
                    loss=None if accuracy is None else 1 - accuracy,
                    curve=(EpochRecord(1, 1.0, 1.0, 0.4, 0.1),),
                    reason="diverged in epoch 2" if accuracy is None else None,
                    started="2026-01-01T00:00:00+00:00",
                    ended="2026-01-01T00:00:01+00:00",
                    seconds=1.0,
                )
                log.record(ended)
        plan = Plan(
            name=run.name,
            created="2026-01-01T00:00:00+00:00",
            data=data,
            data_fingerprint=record.fingerprint,
            space="tiny.toml",
            space_fingerprint=space_fingerprint(space),
            seed=7,
            split_seed=split.seed,
            share=split.share,
            sampler="tpe",
            pruner="median",
            window=0,
            trials=len(trials),
            timeout_seconds=0.0,
            trial_timeout_seconds=0.0,
            jobs=1,
            storage="",
            versions=versions(),
            machine=machine(),
        )
        write_plan(run, plan)
        return run

    return _make


class PostgresServer:
    """A real PostgreSQL server with a folder and a port of its own; its user needs a password."""

    USER, PASSWORD = "researcher", "t0p-s3cret/of it"

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries, self._folder = binaries, folder
        # The server refuses to run as root.
        is_root = os.geteuid() == 0
        self._as_owner = ["runuser", "-u", "postgres", "--"] if is_root else []
        if is_root:
            shutil.chown(folder, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        secret = folder / "password"
        secret.write_text(self.PASSWORD)
        secret.chmod(0o644)
        who = ("--username", self.USER, "--pwfile", str(secret), "--auth", "scram-sha-256")
        self._run("initdb", *who, "--no-sync")
        self._databases = 0

    def _run(self, tool: str, *arguments: str) -> None:
        command = [*self._as_owner, str(self._binaries / tool), "-D", str(self._folder / "data")]
        subprocess.run(
            [*command, *arguments], check=True, cwd=self._folder, stdout=subprocess.DEVNULL
        )

    def start(self) -> None:
        # It is killed here, but the machine does not fail.
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {self._folder} -c fsync=off"
        self._run("pg_ctl", "start", "--wait", "-l", str(self._folder / "log"), "-o", options)

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "-m", mode)

    def new_database(self) -> str:
        """Make a database and return its URL, with the password."""
        self._databases += 1
        name = f"d{self._databases}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str, user: str = USER, password: str | None = PASSWORD) -> str:
        login = user if password is None else f"{user}:{quote(password, safe='')}"
        return f"postgresql://{login}@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running server; a test that stops it starts it again."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    tool = shutil.which("pg_ctl") or (str(found[-1]) if found else None)
    if tool is None:
        pytest.skip("no PostgreSQL server is installed: pg_ctl is missing")
    if os.geteuid() == 0 and not any(user.pw_name == "postgres" for user in pwd.getpwall()):
        pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres")
    # Short, since the path of a socket may not be long.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = PostgresServer(Path(tool).resolve().parent, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def database(postgres: PostgresServer) -> str:
    """The URL of an empty database, with its password."""
    return postgres.new_database()


class LentWorker:
    """A real worker process that goes back into its pool, unless it is ended at work."""

    def __init__(self, process: WorkerProcess, pool: list[WorkerProcess]) -> None:
        self._process, self._pool = process, pool
        self._opening = self._working = 0
        self.pid, self.pipe = process.pid, process.pipe

    @property
    def ended(self) -> bool:
        return self._process.ended

    def send(self, message: object) -> None:
        self._working += isinstance(message, Job)
        if isinstance(message, OpenData):
            self._opening += 1
            # It was started elsewhere, and may be working where it was.
            message = OpenData(str(Path(message.folder).absolute()))
        self._process.send(message)

    def receive(self) -> list[object]:
        found = self._process.receive()
        self._opening -= sum(isinstance(message, Ready) for message in found)
        ends = (Finished, Stopped, Failed, Broken)
        self._working -= sum(isinstance(message, ends) for message in found)
        return found

    def kill(self) -> None:
        if self._working:
            self._process.kill()

    def join(self) -> str:
        while self._opening and not self._working and not self.ended:
            self.pipe.poll(None)
            self.receive()
        if self._working or self.ended:
            return self._process.join()
        self._pool.append(self._process)
        return "went back"


class LentNetwork:
    """A real process that holds Keras; one that was lent before says again that it is ready."""

    def __init__(self, process: WorkerProcess, pool: list[WorkerProcess], *, is_new: bool) -> None:
        self._process, self._pool = process, pool
        self._is_greeted, self._is_alive = is_new, True
        self.pipe = self

    def send(self, task: Any) -> None:
        paths = {name: value for name, value in vars(task).items() if isinstance(value, Path)}
        self._process.send(replace(task, **{name: path.absolute() for name, path in paths.items()}))

    def recv(self) -> object:
        if not self._is_greeted:
            self._is_greeted = True
            return READY
        self._is_alive = False
        answer = self._process.pipe.recv()
        self._is_alive = True
        return answer

    def kill(self) -> None:
        pass

    def join(self) -> None:
        if self._is_alive:
            self._pool.append(self._process)
        else:
            self._process.join()


class WarmProcesses:
    """Start the product's processes, or lend those that nobody uses any more.

    Preparing TensorFlow and tracing are most of what a short test costs.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._workers: list[WorkerProcess] = []
        self._networks: list[WorkerProcess] = []

    def start_worker(
        self, module: str, name: str, _log: Path, device: Mapping[str, str] = PROCESSOR
    ) -> LentWorker:
        # One that was lent computes on what it began on.
        pool = self._workers if device == PROCESSOR else []
        made = pool.pop() if pool else start_module(module, name, self._log, device)
        return LentWorker(made, pool)

    def start_network(self, module: str, name: str, _log: Path) -> LentNetwork:
        pool = self._networks
        if pool:
            return LentNetwork(pool.pop(), pool, is_new=False)
        return LentNetwork(start_module(module, name, self._log), pool, is_new=True)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let the product take its processes from here."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(study.executors.local, "start_module", self.start_worker)
            patch.setattr(study.networks.tasks, "start_module", self.start_network)
            yield

    def close(self) -> None:
        for process in (*self._workers, *self._networks):
            process.kill()
            process.join()


@pytest.fixture(scope="session")
def warm_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmProcesses]:
    """Processes that outlive the executors that use them; a test asks for `warm`."""
    processes = WarmProcesses(tmp_path_factory.mktemp("warm") / "log.txt")
    with closing(processes):
        yield processes


@pytest.fixture
def warm(warm_processes: WarmProcesses) -> Iterator[None]:
    """Let what this test calls train and classify in processes that are warm already.

    For tests of what is done there; not for those of starting, dying and ending.
    """
    with warm_processes.lent():
        yield
