"""Lives of one study, each forked from this process, which has imported everything already.

As a program: reads an order as a JSON line from standard input, lets a life go by, and answers with
a line that holds its exit code once every process of that life is gone.
"""

import ctypes
import json
import os
import sys
from pathlib import Path
from typing import Any

import psutil

from reports.child_process import child_command
from search_spaces.faults import FaultError
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.interrupts import raised_interrupts
from study.data.load import load_data
from study.progress.shown import Shown
from study.progress.steps import NoSteps
from study.run_dir.paths import RunDirectory
from study.workflows.request import Request
from study.workflows.stages import run_stages
from study.workflows.workers import Programs, opened_workplace

PROGRAMS = Programs(
    worker=(*child_command("struck_programs"), "worker"),
    network=(*child_command("struck_programs"), "network"),
)
# What Python tells of files before it happens, and which of its arguments names the file.
_MOMENTS = {
    "open": 0,
    "tempfile.mkdtemp": 0,
    "os.mkdir": 0,
    "os.rename": 1,
    "os.remove": 0,
    "os.chmod": 0,
    "shutil.rmtree": 0,
    "fcntl.flock": 0,
}


class Striker:
    """Send signals at given moments: the `n`th time that something is done to the files `on`."""

    def __init__(self, root: Path, strikes: list[dict[str, Any]], landed: Path) -> None:
        self._root, self._strikes, self._landed = str(root), strikes, landed
        self._seen = 0
        self._is_busy = False

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        place = _MOMENTS.get(event)
        if place is None or self._is_busy or not self._strikes:
            return
        self._is_busy = True
        try:
            self._look(arguments[place])
        finally:
            self._is_busy = False

    def _look(self, named: Any) -> None:
        path = (
            str(Path(f"/proc/self/fd/{named}").readlink())
            if isinstance(named, int)
            else os.fsdecode(named)
        )
        next_one = self._strikes[0]
        inside = path.removeprefix(self._root)
        if inside == path or not any(name in inside for name in next_one["on"]):
            return
        self._seen += 1
        if self._seen >= next_one["n"]:
            self._strike(next_one, inside)

    def _strike(self, strike: dict[str, Any], inside: str) -> None:
        victim = os.getpid()
        if strike["child"]:
            own = [one for one in psutil.Process().children() if strike["child"] in _command(one)]
            if not own:
                return  # the next moment will do
            victim = own[strike["which"] % len(own)].pid
        del self._strikes[0]
        self._seen = 0
        with self._landed.open("a") as file:
            file.write(f"{inside}\n")
        os.kill(victim, strike["signal"])


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # it has ended meanwhile
        return []


def live(order: dict[str, Any]) -> int:
    run = RunDirectory(Path(order["root"]))
    striker = Striker(run.root, order["strikes"], Path(order["landed"]))
    sys.addaudithook(striker.hear)
    given = {"space": order["space"], "data": "digits", "trials": order["trials"], "top": 2}
    request = Request({**given, "folds": 1, "confirm_seeds": 3}, jobs=2, deterministic=True)
    try:
        with (
            raised_interrupts(),
            opened_workplace(
                run, request.place, request.jobs, _silent, may_begin=True, programs=PROGRAMS
            ) as workplace,
        ):
            run_stages(workplace, request, Shown(NoCallbacks(), _silent, NoSteps()))
    except KeyboardInterrupt:
        return 130
    except FaultError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _silent(_text: str) -> None:
    pass


def main() -> None:
    # Whoever has lost its parent becomes this process's child: prctl's PR_SET_CHILD_SUBREAPER.
    own = psutil.Process()
    ctypes.CDLL(None).prctl(36, 1)
    load_data("digits", {})
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 3
            try:
                code = live(json.loads(line))
            finally:
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        while own.children():
            os.wait()
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
