"""Openings of the test split that tests make up."""

from reports.opening import Opening, Purpose


def opening(purpose, *weights, why="words that nobody reads"):
    return Opening("2026-01-01T00:00:00+00:00", why, purpose, weights, "f", "c")


def final(seeds, look=None, winner="trial 7", looks=3):
    of = None if look is None else looks
    return Purpose("final", winner, seeds, look, of)


def opened(*purposes):
    """Return openings with different weights."""
    return [opening(purpose, str(number)) for number, purpose in enumerate(purposes)]


BASELINE = Purpose("baseline", "baseline", seeds=30)
