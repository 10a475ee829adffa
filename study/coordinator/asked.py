"""Trials that were asked, and the file that remembers them should the coordinator die."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

from reports.trial_record import Origin
from search_spaces.faults import fault
from search_spaces.parameters import Params
from study.config import TrainConfig, config_from_params
from study.keeping import only_here


@dataclass(frozen=True)
class AskedTrial:
    """One attempt at a trial: `params` are the searched ones, `config` is all of them.

    `number` is unique. `order` is the trial's place among all that were asked: a retry, which has
    its own number, keeps the order, params and seed of the attempt it repeats; `attempt` counts
    from 0. `notes` are what the sampler wants to be reminded of.
    """

    number: int
    order: int
    origin: Origin
    params: Params
    config: TrainConfig
    seed: int
    attempt: int = 0
    retry_of: int | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


class AskedFile:
    """Remember every asked trial on disk before it starts, one JSON object a line.

    `keep` is told each line first, and keeps it elsewhere too.
    """

    def __init__(self, path: Path, keep: Callable[[bytes], None] = only_here) -> None:
        self.path = path
        self._keep = keep

    def append(self, trial: AskedTrial) -> None:
        """Add a trial and wait until the disk has it; raises FaultError."""
        text = json.dumps(asdict(trial) | {"config": trial.config.as_params()}) + "\n"
        line = text.encode()
        self._keep(line)
        try:
            with self.path.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise fault(str(self.path), f"cannot be written: {error.strerror}") from error

    def read(self) -> tuple[AskedTrial, ...]:
        """Return all trials asked so far, in order; a torn last line was never started."""
        if not self.path.exists():
            return ()
        *lines, _torn = self.path.read_bytes().split(b"\n")
        return tuple(
            _parse(line, f"{self.path}, line {number}") for number, line in enumerate(lines, 1)
        )

    def mend(self) -> None:
        """Cut a torn last line off, so that the next line starts on its own; raises FaultError."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        try:
            if whole != content:
                os.truncate(self.path, len(whole))
        except OSError as error:
            raise fault(str(self.path), f"cannot be written: {error.strerror}") from error


def _parse(line: bytes, where: str) -> AskedTrial:
    try:
        values = json.loads(line)
        values["config"] = config_from_params(values["config"], where)
        asked = AskedTrial(**values)
    except (ValueError, TypeError, KeyError) as error:
        raise fault(where, f"not an asked trial: {error}") from error
    if asked.origin not in get_args(Origin):
        raise fault(where, "unknown origin", asked.origin, ", ".join(get_args(Origin)))
    return asked
