"""Intervals of scores, of which more is better, as those of a measure's own values, and back."""

from dataclasses import replace

from reports.record import Interval
from search_spaces.measures import MEASURES, MeasureName


def turned(interval: Interval, measure: MeasureName) -> Interval:
    """Turn an interval of scores into one of own values; applied twice, it is itself."""
    if MEASURES[measure].direction == "maximize":
        return interval
    return replace(interval, low=-interval.high, high=-interval.low)
