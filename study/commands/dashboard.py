"""`dashboard`: watch a study in optuna-dashboard, an extra."""

import importlib
import importlib.util
import socket
from pathlib import Path
from typing import Any

import click

from search_spaces.faults import fault
from study.commands import shared_options as options
from study.commands.completion import study_names
from study.commands.examples import examples
from study.commands.streams import say
from study.coordinator.storage import open_storage
from study.database.url import checked_url
from study.record.snapshot import find_run
from study.run_dir.plan import find_plan, storage_url

# Loopback alone: there is no password.
HOST = "127.0.0.1"


@click.command(
    epilog=examples(
        "dense-study dashboard four-digits --port 8081",
    )
)
@click.argument("name", shell_complete=study_names)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8080,
    show_default=True,
    help="Port on loopback.",
)
@options.storage
@options.runs_dir
def command(name: str, port: int, storage: str | None, runs_dir: Path) -> int:
    """Show study NAME in optuna-dashboard, on this machine only."""
    url = dashboard_storage(name, storage, runs_dir)
    check_dashboard(port)
    say(f"Study {name}: http://{HOST}:{port}/dashboard  (Ctrl-C ends it)")
    say("It has no password: every user of this machine can see the study there, and change it.")
    # An extra: only this command needs it.
    server: Any = importlib.import_module("optuna_dashboard")
    server.run_server(url, host=HOST, port=port)
    return 0


def dashboard_storage(name: str, storage: str | None, runs_dir: Path) -> str:
    """Return the URL of an existing study's storage; raises FaultError where there is none."""
    run = find_run(runs_dir, name, storage)
    url = storage_url(run, find_plan(run), storage)
    open_storage(url, name, create=False).close()
    return checked_url(url)


def check_dashboard(port: int) -> None:
    """Raise FaultError where the extra is missing or the port is taken."""
    if importlib.util.find_spec("optuna_dashboard") is None:
        what = "needs the package optuna-dashboard, which is not installed"
        raise fault("dashboard", what, "", "pip install 'dense-study[dashboard]'")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise fault(
                "--port", f"cannot be used: {error.strerror}", port, "a free port"
            ) from error
