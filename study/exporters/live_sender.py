"""Hand a running study's trials to a process that writes them; it can be slow, hang or die."""

import os
import subprocess
import threading
from collections.abc import Sequence

from reports.child_process import child_command, child_environment
from reports.json_values import to_json_line
from reports.trial_record import TrialRecord
from study.exporters.destination import Destination
from study.exporters.live_messages import END, LiveTask
from study.run_dir.paths import RunDirectory

# So long records are gathered, of which only a trial's last one counts.
_PAUSE_SECONDS = 0.5


class LiveSender:
    """One destination of a running study.

    Whoever sends never waits: a thread writes to the process, and newer records of a trial take the
    place of older ones that it has not come to.
    """

    def __init__(
        self,
        run: RunDirectory,
        storage: str | None,
        destination: Destination,
        command: Sequence[str] = (),
    ) -> None:
        self.destination = destination
        self._said = ""
        self._pending: dict[int, TrialRecord] = {}
        self._is_ending = threading.Event()
        self._lock = threading.Lock()
        with run.workers_log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 our own module in our own interpreter
                command or child_command("study.exporters.live_process"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                # It computes nothing of the study's, and its packages are set up by the user's
                # environment: servers, proxies, credentials.
                env={**os.environ, **child_environment({})},
                start_new_session=True,
            )
        root = str(run.root.absolute())
        task = LiveTask(root, storage, destination.target, destination.place)
        name = f"dense-study-live-{destination.target}"
        self._thread = threading.Thread(
            target=self._write, args=(to_json_line(task),), name=name, daemon=True
        )
        self._thread.start()

    def send(self, trial: TrialRecord) -> None:
        """Let a trial be written, running or ended."""
        with self._lock:
            self._pending[trial.number] = trial

    def failure(self) -> str | None:
        """Return why the process has ended, None while it runs."""
        code = self._process.poll()
        return None if code is None else self._reason(code)

    def end(self) -> None:
        """Ask for the study as a whole, after which the process ends."""
        self._is_ending.set()

    def join(self, seconds: float) -> str | None:
        """Wait for the process's end, so long at most; return what went wrong, if anything did."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return "not all was written in time"
        return None if code == 0 else self._reason(code)

    def close(self) -> None:
        """End the process, if it has not ended."""
        self._process.kill()
        self._process.wait()
        self._is_ending.set()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None  # noqa: S101 both were asked for
            pipe.close()

    def _write(self, task: bytes) -> None:
        try:
            self._put(task)
            is_ending = False
            while not is_ending:
                is_ending = self._is_ending.wait(_PAUSE_SECONDS)
                with self._lock:
                    trials, self._pending = self._pending, {}
                for trial in trials.values():
                    self._put(to_json_line(trial))
            self._put(END)
            assert self._process.stdin is not None  # noqa: S101 it was asked for
            self._process.stdin.close()
        except OSError:
            pass  # the process has ended, and says why

    def _put(self, line: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101 it was asked for
        left = memoryview(line)
        while left:
            left = left[os.write(self._process.stdin.fileno(), left) :]

    def _reason(self, code: int) -> str:
        if not self._said:
            assert self._process.stdout is not None  # noqa: S101 it was asked for
            said = self._process.stdout.read().decode("utf-8", "replace").strip()
            self._said = said or f"its process ended with exit code {code}"
        return self._said
