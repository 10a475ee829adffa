"""Write a study to trackers while it runs, so that no tracker can harm it."""

import shlex
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from reports.trial_record import TrialRecord
from search_spaces.measures import MeasureName
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.callbacks import NoCallbacks
from study.coordinator.running_trial import epoch_record, unended
from study.engine.results import EpochResult
from study.exporters.destination import Destination, check_installed
from study.exporters.live_messages import OPTION
from study.exporters.live_sender import LiveSender
from study.run_dir.paths import RunDirectory
from study.run_dir.urls import redact_url

# So long all trackers may take for what is not written when the study has ended, or was stopped.
END_SECONDS, STOP_SECONDS = 120.0, 10.0

Say = Callable[[str], None]


class LiveExport(NoCallbacks):
    """Send each trial to every destination, as its epochs end; one that fails is named once."""

    def __init__(
        self,
        run: RunDirectory,
        storage: str | None,
        destinations: Sequence[Destination],
        say: Say,
    ) -> None:
        self._run, self._storage, self._say = run, storage, say
        self._destinations = destinations
        self._senders: list[LiveSender] = []
        self._running: dict[int, TrialRecord] = {}

    def began(
        self,
        recorded: tuple[TrialRecord, ...],  # noqa: ARG002 the protocol's
        trials: int,  # noqa: ARG002
        jobs: int,  # noqa: ARG002
        measure: MeasureName,  # noqa: ARG002
    ) -> None:
        """Start a process for each destination; there is a study to write now."""
        self._senders = [LiveSender(self._run, self._storage, one) for one in self._destinations]

    def epoch_ended(self, trial: AskedTrial, result: EpochResult) -> None:
        """Send the trial as it is now."""
        known = self._running.get(trial.number) or unended(trial, 0, "running")
        grown = replace(known, curve=(*known.curve, epoch_record(result)))
        self._running[trial.number] = grown
        self._send(grown)

    def recorded(self, record: TrialRecord) -> None:
        """Send the trial as it ended, and see whether every destination can be written to."""
        self._running.pop(record.number, None)
        self._send(record)
        for sender in list(self._senders):
            if (reason := sender.failure()) is not None:
                self._drop(sender, reason)

    def finish(self, seconds: float) -> None:
        """Have everything written, within so many seconds in all; Ctrl-C leaves the rest out."""
        limit = time.monotonic() + seconds
        for sender in self._senders:
            sender.end()
        try:
            for sender in list(self._senders):
                if (reason := sender.join(max(0.0, limit - time.monotonic()))) is not None:
                    self._drop(sender, reason)
        except KeyboardInterrupt:
            for sender in list(self._senders):
                self._drop(sender, "stopped before all was written")

    def close(self) -> None:
        """End the processes that have not ended."""
        for sender in self._senders:
            sender.close()

    def _send(self, trial: TrialRecord) -> None:
        for sender in self._senders:
            sender.send(trial)

    def _drop(self, sender: LiveSender, reason: str) -> None:
        self._senders.remove(sender)
        sender.close()
        self._say(
            redact_url(
                f"warning: {OPTION} {sender.destination.as_words()}: {reason}; the study does not "
                f"need it. To write it afterwards: {self._command(sender.destination)}"
            )
        )

    def _command(self, destination: Destination) -> str:
        words = ["dense-study", "export", self._run.name, "--to", destination.target]
        if destination.place is not None:
            words += ["--out", destination.place]
        if str(self._run.root.parent) != "runs":
            words += ["--runs-dir", str(self._run.root.parent)]
        return shlex.join(words)


@contextmanager
def exported_live(
    run: RunDirectory, storage: str | None, destinations: Sequence[Destination], say: Say
) -> Iterator[LiveExport]:
    """Yield the callbacks that write a study's trials; with the context the rest is written.

    Raises FaultError at once where a package is missing, and nothing afterwards.
    """
    for one in destinations:
        check_installed(one.target, OPTION)
    live = LiveExport(run, storage, destinations, say)
    seconds = STOP_SECONDS
    try:
        yield live
        seconds = END_SECONDS
    finally:
        try:
            live.finish(seconds)
        finally:
            live.close()
