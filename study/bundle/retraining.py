"""How a bundle has a job trained, wherever that is done."""

from collections.abc import Callable

from search_spaces.faults import fault
from study.executors.protocol import Failed, Finished, Job

# Trains one job to its end.
Train = Callable[[Job], Finished | Failed]


def finished(where: str, end: Finished | Failed) -> Finished:
    """Return a training that finished; raises FaultError with the reason of one that failed."""
    if isinstance(end, Failed):
        raise fault(where, "the training failed", end.reason)
    return end
