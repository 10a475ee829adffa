"""Builders of finished studies, a PostgreSQL server, and processes that are warm from the start."""

import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

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
from study.machine import machine, versions
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
