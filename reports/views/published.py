"""Whether the published number can be compared with a study."""

from reports.record import StudyRecord


def incomparable(record: StudyRecord) -> str | None:
    """Say why the published number cannot be compared with this study; None where it can."""
    published = record.space.baseline.published
    if published is None or published.data == record.data.name:
        return None
    return (
        f"The published {100 * published.accuracy:.2f} % was measured on {published.data}; "
        f"this study's data is {record.data.name}, so the two cannot be compared."
    )
