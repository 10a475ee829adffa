"""Decide whether a running trial goes on: by trials of its kind, with a share let through."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from enum import Enum

import numpy as np

from reports.trial_record import EpochRecord, TrialRecord
from search_spaces.measures import MeasureName
from study.coordinator.curves import POINTS, point_of, resample
from study.coordinator.pruners import RULES, WARM_UP, Curve
from study.engine.seeds import derive_seed
from study.executors.own_config import Config, OwnConfig
from study.run_dir.search_options import Pruner

# One in this many of the trials that a rule would stop runs to its end, to show what pruning costs.
AUDITED = 10


class PruningDecision(Enum):
    """Go on, stop, or go on although the rule would stop."""

    GO = "go"
    STOP = "stop"
    AUDIT = "audit"


class _Peers:
    """Curves of ended trials of one kind, by order, in an array that grows by doubling.

    By order, so that no decision depends on who ended first.
    """

    def __init__(self) -> None:
        self._orders = np.empty(16, dtype=np.int64)
        self._curves = np.empty((16, POINTS + 1))
        self._count = 0

    def add(self, order: int, curve: Curve) -> None:
        """Take in a curve (POINTS + 1,)."""
        if self._count == len(self._orders):
            self._orders = np.concatenate([self._orders, np.empty_like(self._orders)])
            self._curves = np.concatenate([self._curves, np.empty_like(self._curves)])
        # Trials end nearly in order: few rows move. To sort and copy all of them for each decision
        # instead takes milliseconds at 10,000 trials.
        at, end = self._place(order), self._count
        self._orders[at + 1 : end + 1] = self._orders[at:end]
        self._curves[at + 1 : end + 1] = self._curves[at:end]
        self._orders[at], self._curves[at] = order, curve
        self._count += 1

    def up_to(self, latest: int) -> Curve:
        """Return a view of the curves of the trials up to this order, by order: (n, POINTS + 1)."""
        return self._curves[: self._place(latest)]

    def _place(self, order: int) -> int:
        """Return how many curves are of trials up to this order."""
        return int(np.searchsorted(self._orders[: self._count], order, side="right"))


class Pruning:
    """Hold the curves of ended trials and judge running ones against them."""

    def __init__(self, pruner: Pruner, study_seed: int, measure: MeasureName = "accuracy") -> None:
        self._rule = RULES[pruner]
        self._measure = measure
        self._idle = pruner == "none"
        self._seed = study_seed
        self._peers: defaultdict[Hashable, _Peers] = defaultdict(_Peers)

    def add(self, order: int, config: Config, record: TrialRecord) -> None:
        """Take an ended trial in as a peer; a failed one is left out."""
        if not self._idle and record.state in ("complete", "pruned"):
            ended = record.state == "complete"
            curve = resample(record.curve, config.epochs, ended, self._measure)
            self._peers[_kind(config)].add(order, curve)

    def judge(
        self, order: int, config: Config, curve: Sequence[EpochRecord], latest: int
    ) -> PruningDecision:
        """Judge a running trial by the peers of its kind whose order is at most `latest`."""
        if self._idle:
            return PruningDecision.GO
        reached = point_of(len(curve), config.epochs)
        # Nothing is saved at the last epoch, and the baseline is what all is compared with.
        if order == 0 or reached == POINTS or reached < WARM_UP * POINTS:
            return PruningDecision.GO
        peers = self._peers[_kind(config)].up_to(latest)
        own = resample(curve, config.epochs, False, self._measure)
        if not len(peers) or not self._rule(own, peers, reached, order):
            return PruningDecision.GO
        audited = derive_seed(self._seed, "audit", order) % AUDITED == 0
        return PruningDecision.AUDIT if audited else PruningDecision.STOP


def _kind(config: Config) -> Hashable:
    # Where the learning rate decays to its planned end, and where averaged weights trail behind,
    # curves rise late: half way through they may not be held against those that rise early.
    if isinstance(config, OwnConfig):
        return "own"
    return (config.schedule, config.ema > 0.0)
