"""Which ended trials a suggestion and a pruning decision may depend on."""

import sys

from reports.trial_record import TrialRecord


class Window:
    """Hold ended trials back until the rule says that they are seen.

    With size 0 a trial is seen as soon as it ended, which depends on timing where several run at
    once. With size w trial k sees exactly the trials up to k - w, in order, whatever the timing.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._ended: dict[int, TrialRecord] = {}
        self._released = 0
        self._waiting: list[tuple[int, TrialRecord]] = []

    def end(self, order: int, record: TrialRecord) -> None:
        """Take in the final record of the trial with this order."""
        self._ended[order] = record
        self._waiting.append((order, record))

    def may_ask(self, order: int) -> bool:
        """Tell whether all that the next trial must see has ended."""
        if self._size == 0:
            return True
        return all(seen in self._ended for seen in range(self._released, self._due(order)))

    def release(self, order: int) -> list[tuple[int, TrialRecord]]:
        """Return what the sampler shall see before it suggests this trial, in the order to tell."""
        if self._size == 0:
            released, self._waiting = self._waiting, []
            return released
        due = range(self._released, self._due(order))
        self._released = max(self._released, self._due(order))
        return [(seen, self._ended[seen]) for seen in due]

    def latest(self, order: int) -> int:
        """Return the highest order of the trials that this one may be pruned by."""
        return sys.maxsize if self._size == 0 else order - self._size

    def _due(self, order: int) -> int:
        return max(0, order - self._size + 1)
