"""Processes that are forked with Keras in them, where the system can do that."""

import atexit
import functools
import json
import os
import selectors
import signal
import socket
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from reports.child_process import child_command
from study.executors.fork_server import Start

# Its signal says how a process ended that nobody can tell the end of any more.
_KILLED = -signal.SIGKILL
# What code reads when it is imported: where one of these differs, another server is needed.
_READ_AT_IMPORT = frozenset(
    {
        "LANG",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "PYTHONHOME",
        "PYTHONPATH",
        "TF_ENABLE_ONEDNN_OPTS",
        "TZ",
    }
)


class ForkedProcess:
    """A process as subprocess.Popen shows it: `pid`, `poll`, `kill` and `wait`."""

    def __init__(self, status: socket.socket, server: subprocess.Popen[bytes]) -> None:
        self._status, self._server = status, server
        self._pid: int | None = None
        self._process: int | None = None
        self._code: int | None = None

    @property
    def pid(self) -> int:
        """Return the process id; waits for the server's imports. 0 for one that never began."""
        self._hear_of_start(None)
        return self._pid or 0

    def poll(self) -> int | None:
        """Return the exit code (negative: the signal), None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0.0)
        return None

    def kill(self) -> None:
        """End it at once; one that has not begun never begins."""
        if self._code is not None:
            return
        self._hear_of_start(0.0)
        if self._process is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
        elif self._code is None:
            self._close(_KILLED)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code; raises TimeoutExpired (seconds)."""
        if self._code is None and self._hear_of_start(timeout) and self._hears(timeout):
            code = self._status.recv(64)
            self._close(int(code) if code else _KILLED)
        if self._code is None:
            raise subprocess.TimeoutExpired("a forked process", timeout or 0.0)
        return self._code

    def _hear_of_start(self, timeout: float | None) -> bool:
        """Take note of the start if it was reported by then; tell whether it was."""
        if self._pid is None and self._code is None and self._hears(timeout):
            pid, descriptors, _, _ = socket.recv_fds(self._status, 64, 1)
            if pid:
                self._pid, self._process = int(pid), descriptors[0]
            else:  # the server ended before
                self._close(self._server.wait())
        return self._pid is not None

    def _hears(self, timeout: float | None) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self._status, selectors.EVENT_READ)
            return bool(selector.select(timeout))

    def _close(self, code: int) -> None:
        self._code = code
        self._status.close()
        if self._process is not None:
            os.close(self._process)
            self._process = None


class ForkServer:
    """The process that forks others; it ends with this one."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 our own module in our own interpreter
                [*child_command("study.executors.fork_server"), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[theirs.fileno()],
                env=dict(environment),
                # A session of its own: the terminal's Ctrl-C is the coordinator's business.
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        """Tell whether it can still fork."""
        return self._process.poll() is None

    def start(self, start: Start, pipe: int, log: Path) -> ForkedProcess:
        """Start a process with its end of a pipe, stdout and stderr appended to the log."""
        ours, status = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with status, log.open("ab") as output:
            message = json.dumps(asdict(start)).encode()
            # One that died meanwhile shows as the end of the pipe and of this socket.
            with suppress(BrokenPipeError, ConnectionResetError):
                socket.send_fds(self._requests, [message], [pipe, output.fileno(), status.fileno()])
        return ForkedProcess(ours, self._process)

    def close(self) -> None:
        """End it, with all that it has started."""
        self._requests.close()
        self._process.kill()
        self._process.wait()


class _Servers:
    """The servers of this process, one for each environment that their imports see."""

    def __init__(self) -> None:
        self._servers: dict[frozenset[tuple[str, str]], ForkServer] = {}
        self._lock = threading.Lock()

    def find(self, environment: Mapping[str, str], log: Path) -> ForkServer:
        """Return a server that is alive; a new one says on the log what it has to say."""
        key = frozenset(item for item in environment.items() if item[0] in _READ_AT_IMPORT)
        with self._lock:
            found = self._servers.get(key)
            if found is None or not found.is_alive:
                if found is not None:
                    found.close()
                found = self._servers[key] = ForkServer(environment, log)
            return found

    def close(self) -> None:
        """End all servers."""
        with self._lock:
            for server in self._servers.values():
                server.close()
            self._servers.clear()


@functools.cache
def _servers() -> _Servers:
    servers = _Servers()
    atexit.register(servers.close)
    return servers


def start_forked(
    module: str, name: str, environment: Mapping[str, str], pipe: int, log: Path
) -> ForkedProcess:
    """Run a module's `main(descriptor)` with a pipe's end in a process of its own.

    The first call of a program starts the server; the process begins when that has Keras.
    """
    start = Start(module, name, str(Path.cwd()), dict(environment))
    return _servers().find(environment, log).start(start, pipe, log)
