"""How long a study has been searched: a clock that goes on from run to run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from reports.search_times import search_times
from reports.trial_record import TrialRecord
from study.machine import CLOCKS, Clocks


@dataclass(frozen=True)
class Moment:
    """A moment of a search: the time of day, in UTC, and the seconds searched by then."""

    now: datetime
    after: float

    def later(self, than: "Moment") -> datetime:
        """Return the time of day, which is never earlier than the seconds between them allow."""
        return max(self.now, than.now + timedelta(seconds=self.after - than.after))


class SearchClock:
    """Tell the seconds of searching, by a clock that nobody sets, without pauses between runs.

    It goes on from the last end of a trial that is recorded, once a trial starts.
    """

    def __init__(self, recorded: Iterable[TrialRecord], clocks: Clocks = CLOCKS) -> None:
        times = search_times(recorded).values()
        self._spent = max((time.end for time in times), default=0.0)
        self._clocks = clocks
        self._began: float | None = None

    @property
    def seconds(self) -> Callable[[], float]:
        """Return the clock for limits, which goes on all the time."""
        return self._clocks.seconds

    def moment(self) -> Moment:
        """Return the moment that it is; the first one asked for lets the search's seconds run."""
        seconds = self._clocks.seconds()
        if self._began is None:
            self._began = seconds
        return Moment(self._clocks.now(), self._spent + seconds - self._began)
