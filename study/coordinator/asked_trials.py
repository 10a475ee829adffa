"""Trials that were asked, and the file that remembers them should the coordinator die."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from reports.json_values import from_json, parse_json
from reports.trial_record import Origin
from reports.value_types import Count
from search_spaces.faults import FaultError
from search_spaces.parameters import Params, Scalar, check_value
from search_spaces.read_own import check_own_value
from search_spaces.space import Network
from study.executors.own_config import Config, config_for
from study.run_dir.json_lines import JsonLines


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
    config: Config
    seed: int
    attempt: int = 0
    retry_of: int | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


class AskedFile:
    """Remember every asked trial of a kind of network before it starts, one JSON object a line."""

    def __init__(self, lines: JsonLines, network: Network = "dense") -> None:
        self._lines, self._network = lines, network
        self.path = lines.path

    def append(self, trial: AskedTrial) -> None:
        """Add a trial and wait until the disk has it; raises FaultError."""
        text = json.dumps(asdict(trial) | {"config": trial.config.as_params()}) + "\n"
        self._lines.append(text.encode())

    def read(self) -> tuple[AskedTrial, ...]:
        """Return all trials asked so far, in order; a torn last line was never started."""
        return tuple(_parse(line, where, self._network) for where, line in self._lines.lines())


@dataclass(frozen=True)
class _Line:
    """An asked trial as its line has it; the network says which params there can be."""

    number: Count
    order: Count
    origin: Origin
    params: dict[str, Scalar]
    config: dict[str, Scalar]
    seed: int
    attempt: Count = 0
    retry_of: Count | None = None
    notes: dict[str, Any] = field(default_factory=dict)


def _parse(line: bytes, where: str, network: Network) -> AskedTrial:
    read = from_json(_Line, parse_json(line, where), where)
    check = check_value if network == "dense" else check_own_value
    faults = [one for name, value in read.params.items() for one in check(where, name, value)]
    if faults:
        raise FaultError(*faults)
    own = {one.name: getattr(read, one.name) for one in fields(_Line)}
    return AskedTrial(**own | {"config": config_for(network, read.config, where)})
