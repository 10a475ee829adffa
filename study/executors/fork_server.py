"""Fork processes that have Keras from the start: `python -m study.executors.fork_server FD`.

Importing TensorFlow takes seconds of the processor's time. This process does it once and then does
nothing but fork: it has one thread and never computes, so that a fork of it is a sound beginning.
"""

import ctypes
import errno
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reports.child_process import die_with, outlive_parent
from study.executors.needless import hide_needless

# What it has imported before the first fork.
PRELOADED = "study.engine.trainer"
# prctl's option by which a process names itself: linux/prctl.h.
_NAME = 15
# The longest request, bytes.
LONGEST = 2**20


@dataclass(frozen=True)
class Start:
    """Run `main(descriptor)` of a module in a process called `name`.

    Three file descriptors come with it: the process's pipe, its log, and the socket of its
    status: the process id comes first, with a descriptor of the process, its exit code last.
    """

    module: str
    name: str
    folder: str
    environment: dict[str, str]


def main(descriptor: int) -> None:
    """Serve the socket with this file descriptor until it closes; no child outlives that."""
    hide_needless()
    importlib.import_module(PRELOADED)
    # From here on the socket's end says that the program ended. The kernel goes by the thread that
    # started a process, and that may end before the program.
    outlive_parent()
    gc.collect()
    gc.freeze()
    _Server(socket.socket(fileno=descriptor)).serve()


class _Server:
    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._statuses: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(requests, selectors.EVENT_READ)
        self._awake, wake = socket.socketpair()
        for end in (self._awake, wake):
            end.setblocking(False)
        self._wake = wake
        self._selector.register(self._awake, selectors.EVENT_READ)
        # The handler does nothing: the signal's byte on the socket is what counts.
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(wake.fileno())

    def serve(self) -> None:
        """Start what is asked for and tell how it ended."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._awake:
                    self._awake.recv(4096)
                    self._reap()
                elif not self._take():
                    self._end()
                    return

    def _take(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._requests, LONGEST, 3)
        if not message:
            return False
        pipe, log, status = descriptors
        start = Start(**json.loads(message))
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become(start, pipe, log, status, parent)
        os.close(pipe)
        os.close(log)
        self._statuses[pid] = socket.socket(fileno=status)
        return True

    def _become(self, start: Start, pipe: int, log: int, status: int, parent: int) -> None:
        """Be the child; never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for one in (self._requests, self._awake, self._wake, *self._statuses.values()):
                one.close()
            self._selector.close()
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.close(log)
            os.setsid()
            die_with(parent)
            if not _say_started(status):
                os._exit(code)
            ctypes.CDLL(None).prctl(_NAME, start.name.encode())
            os.chdir(start.folder)
            os.environ.clear()
            os.environ.update(start.environment)
            tempfile.tempdir = None  # it may be another one there
            importlib.import_module(start.module).main(pipe)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001 what a process of its own would print
            traceback.print_exc()
        finally:
            with suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        while self._statuses:
            try:
                pid, ended = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            code = os.waitstatus_to_exitcode(ended)
            with self._statuses.pop(pid) as status, suppress(OSError):  # nobody may want to know
                status.send(str(code).encode())

    def _end(self) -> None:
        for pid in self._statuses:
            os.kill(pid, signal.SIGKILL)


def _say_started(status: int) -> bool:
    """Say who this process is; False where nobody wants it any more."""
    process = os.pidfd_open(os.getpid())
    try:
        with socket.socket(fileno=status) as report:
            socket.send_fds(report, [str(os.getpid()).encode()], [process])
    except (BrokenPipeError, ConnectionResetError):
        return False
    finally:
        os.close(process)
    return True


def is_possible() -> bool:
    """Tell whether this system has what it takes: Linux, with descriptors of processes."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError as error:
        if error.errno in {errno.ENOSYS, errno.EPERM, errno.EINVAL}:
            return False
        raise
    return Path("/proc/self/fd").is_dir()


if __name__ == "__main__":
    main(int(sys.argv[1]))
