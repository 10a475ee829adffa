import importlib
import importlib.util
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from study.cli import exit_code
from study.commands.dashboard import HOST, command
from study.run_dir.paths import RunDirectory

RecordedRun = Callable[..., RunDirectory]


class Server:
    """Stand in for optuna-dashboard and note how it was started."""

    def __init__(self) -> None:
        self.started: list[Any] = []

    def run_server(self, url: str, **where: Any) -> None:
        self.started.append((url, where))


def test_it_serves_the_studys_storage_on_loopback_and_says_that_it_has_no_password(
    recorded_run: RecordedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, server = recorded_run(), Server()
    monkeypatch.setattr(importlib, "import_module", lambda _: server)
    asked = ["recorded", "--port", "18341", "--runs-dir", str(run.root.parent)]
    result = CliRunner().invoke(command, asked, catch_exceptions=False)
    assert result.stdout == (
        "Study recorded: http://127.0.0.1:18341/dashboard  (Ctrl-C ends it)\n"
        "It has no password: every user of this machine can see the study there, and change it.\n"
    )
    assert server.started == [(f"sqlite:///{run.database}", {"host": "127.0.0.1", "port": 18341})]


def test_a_missing_extra_is_named(
    recorded_run: RecordedRun, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = recorded_run()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert exit_code(["dashboard", "recorded", "--runs-dir", str(run.root.parent)]) == 1
    assert capsys.readouterr().err == (
        "Error: dashboard: needs the package optuna-dashboard, which is not installed; "
        "allowed: pip install 'dense-study[dashboard]'\n"
    )


def test_a_taken_port_is_named(
    recorded_run: RecordedRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded_run()
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        asked = ["dashboard", "recorded", "--port", str(port), "--runs-dir", str(tmp_path / "runs")]
        assert exit_code(asked) == 1
    assert capsys.readouterr().err == (
        f"Error: --port: cannot be used: Address already in use; got {port}; allowed: a free port\n"
    )


def test_a_lost_database_is_not_made_anew(recorded_run: RecordedRun) -> None:
    run = recorded_run()
    run.database.unlink()
    assert exit_code(["dashboard", "recorded", "--runs-dir", str(run.root.parent)]) == 1
    assert not run.database.exists()


@pytest.mark.slow
def test_the_real_dashboard_answers_on_loopback(recorded_run: RecordedRun) -> None:
    run = recorded_run()
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    asked = ["dashboard", "recorded", "--port", str(port), "--runs-dir", str(run.root.parent)]
    process = subprocess.Popen(
        [sys.executable, "-m", "study", *asked],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        studies = json.loads(fetched(f"http://{HOST}:{port}/api/studies", process))
    finally:
        process.kill()
        process.wait()
    assert [study["study_name"] for study in studies["study_summaries"]] == ["recorded"]


def fetched(url: str, process: "subprocess.Popen[bytes]") -> bytes:
    for _ in range(300):
        assert process.poll() is None
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 our own address
                content: bytes = answer.read()
                return content
        except urllib.error.URLError:
            time.sleep(0.2)
    pytest.fail("the dashboard did not answer")
