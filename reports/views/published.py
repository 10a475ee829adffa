"""Whether the published number can be compared with a study, and its own interval."""

from reports.measure_words import value_words
from reports.record import StudyRecord
from reports.statistics.intervals import of_one_network
from search_spaces.measures import MEASURES
from search_spaces.space import PublishedNumber


def incomparable(record: StudyRecord) -> str | None:
    """Say why the published number cannot be compared with this study; None where it can."""
    published = record.space.baseline.published
    if published is None:
        return None
    number = value_words(published.is_of, published.number)
    if published.is_of != record.measure:
        return (
            f"The published {number} is of {MEASURES[published.is_of].title}; "
            f"this study answers on {MEASURES[record.measure].title}, "
            "so the two cannot be compared."
        )
    if published.data == record.data.name:
        return None
    return (
        f"The published {number} was measured on {published.data}; "
        f"this study's data is {record.data.name}, so the two cannot be compared."
    )


def of_published(published: PublishedNumber) -> tuple[float | None, float | None]:
    """Return the interval of an accuracy over its images; of another measure nothing is known."""
    if published.accuracy is None:
        return None, None
    own = of_one_network(published.accuracy, published.n)
    return own.low, own.high
