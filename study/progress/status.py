"""The status of a search: counts, the best so far against the baseline, the time left."""

from reports.measure_words import difference_words, value_words
from reports.numbers import plural
from reports.trial_record import TrialRecord
from reports.trials import ranked, score_of, value_of
from search_spaces.measures import MeasureName
from study.run_dir.search_options import NO_TOTAL


class SearchStatus:
    """Count recorded trials; lost attempts do not count."""

    def __init__(
        self, recorded: tuple[TrialRecord, ...], trials: int, jobs: int, measure: MeasureName
    ) -> None:
        self.trials = trials
        self.measure = measure
        self.jobs = jobs
        self.counts = dict.fromkeys(("complete", "pruned", "failed"), 0)
        self.lost = 0
        self.best: TrialRecord | None = None
        self.baseline: TrialRecord | None = None
        self._seconds = 0.0
        for record in recorded:
            self.add(record)

    @property
    def has_total(self) -> bool:
        """Tell whether the search has a total of trials, and not only a budget of time."""
        return self.trials < NO_TOTAL

    @property
    def counted(self) -> str:
        """Return how many trials have ended, and of how many where that is known."""
        return f"{self.ended}/{self.trials}" if self.has_total else f"{self.ended}"

    @property
    def ended(self) -> int:
        """Return how many trials have ended."""
        return sum(self.counts.values())

    def add(self, record: TrialRecord) -> None:
        """Take in a recorded trial."""
        if record.lost:
            self.lost += 1
            return
        self.counts[record.state] += 1
        self._seconds += record.seconds or 0.0
        if record.origin == "baseline":
            self.baseline = record
        self.best = next(iter(ranked(filter(None, (self.best, record)), self.measure)), None)

    def seconds_left(self) -> float | None:
        """Return an estimate from the mean trial so far; None before the first one ended."""
        left = self.trials - self.ended
        if self.ended == 0 or left <= 0 or not self.has_total:
            return None
        # A cluster may have had no worker at first.
        return self._seconds / self.ended * left / min(max(1, self.jobs), left)

    def opening(self) -> str:
        """Return what is to do, in words."""
        workers = f"{self.jobs or 'no'} worker{'s' * (self.jobs > 1)}{' yet' * (not self.jobs)}"
        if not self.has_total:
            begun = f"continuing after {plural(self.ended, 'trial')}: " if self.ended else ""
            rest = "" if self.ended else "; trial 0 is the baseline"
            return f"{begun}trials as the budget allows with {workers}{rest}"
        if self.ended >= self.trials:
            if self.ended > self.trials:
                recorded = f"{plural(self.ended, 'trial')} are recorded"
                return f"nothing left to do: {recorded}, and {self.trials} asked for"
            return f"nothing left to do: {self.ended} of {self.trials} trials are recorded"
        if self.ended:
            return f"continuing after {self.ended} of {self.trials} trials with {workers}"
        return f"{plural(self.trials, 'trial')} with {workers}; trial 0 is the baseline"

    def best_line(self) -> str:
        """Return the best so far against the baseline, in words."""
        if self.best is None or self.best.accuracy is None:
            return "no trial is complete yet"
        best = f"best {self._value(self.best)} (trial {self.best.number})"
        if self.baseline is None or self.baseline.accuracy is None:
            return best
        if self.best is self.baseline:
            return f"best is the baseline, {self._value(self.baseline)}"
        gain = score_of(self.measure, self.best) - score_of(self.measure, self.baseline)
        difference = difference_words(self.measure, gain)
        return f"{best}, baseline {self._value(self.baseline)}, {difference}"

    def _value(self, trial: TrialRecord) -> str:
        return value_words(self.measure, value_of(trial))
