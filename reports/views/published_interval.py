"""The published number's own interval; apart, since whoever starts a run waits for no scipy."""

from reports.statistics.intervals import of_one_network
from search_spaces.space import PublishedNumber


def of_published(published: PublishedNumber) -> tuple[float | None, float | None]:
    """Return the interval of an accuracy over its images; of another measure nothing is known."""
    if published.accuracy is None:
        return None, None
    own = of_one_network(published.accuracy, published.n)
    return own.low, own.high
