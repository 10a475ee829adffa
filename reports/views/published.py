"""Whether the published number can be compared with a study."""

from reports.measure_words import value_words
from reports.record import StudyRecord
from search_spaces.measures import MEASURES


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
