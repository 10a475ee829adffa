"""Decide whether a running trial goes on: like compared with like, and a share let through."""

from bisect import insort
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from reports.record import EpochRecord, TrialRecord
from study.config import TrainConfig
from study.coordinator.curves import POINTS, point_of, resample
from study.coordinator.pruners import RULES, WARM_UP, Curve
from study.coordinator.seeds import derive_seed

# One in this many of the trials that a rule would stop runs to its end, to show what pruning costs.
AUDITED = 10


class Verdict(Enum):
    """Go on, stop, or go on although the rule would stop."""

    GO = "go"
    STOP = "stop"
    AUDIT = "audit"


@dataclass(frozen=True)
class _Peer:
    order: int
    kind: Hashable
    curve: Curve


class Pruning:
    """Hold the curves of ended trials and judge running ones against them."""

    def __init__(self, pruner: str, study_seed: int) -> None:
        self._rule = RULES[pruner]
        self._idle = pruner == "none"
        self._seed = study_seed
        self._peers: list[_Peer] = []

    def add(self, order: int, config: TrainConfig, record: TrialRecord) -> None:
        """Take an ended trial in as a peer; a failed one tells nothing."""
        if record.state in ("complete", "pruned"):
            curve = resample(record.curve, config.epochs, record.state == "complete")
            # Kept in order, so that no verdict depends on who ended first.
            insort(self._peers, _Peer(order, _kind(config), curve), key=lambda one: one.order)

    def judge(
        self, order: int, config: TrainConfig, curve: Sequence[EpochRecord], latest: int
    ) -> Verdict:
        """Judge a running trial by the peers of its kind whose order is at most `latest`."""
        reached = point_of(len(curve), config.epochs)
        # Nothing is saved at the last epoch, and the baseline is what all is compared with.
        if self._idle or order == 0 or reached == POINTS or reached < WARM_UP * POINTS:
            return Verdict.GO
        kind = _kind(config)
        peers = [one.curve for one in self._peers if one.order <= latest and one.kind == kind]
        if not peers:
            return Verdict.GO
        own = resample(curve, config.epochs, ended=False)
        if not self._rule(own, np.stack(peers), reached, order):
            return Verdict.GO
        audited = derive_seed(self._seed, "audit", order) % AUDITED == 0
        return Verdict.AUDIT if audited else Verdict.STOP


def _kind(config: TrainConfig) -> Hashable:
    # Where the learning rate decays to its planned end, and where averaged weights trail behind,
    # curves rise late: half way through they may not be held against those that rise early.
    return (config.schedule, config.ema > 0.0)
