"""The one small picture that says most about a study."""

from reports.inline.intervals import intervals_svg
from reports.inline.search import search_svg
from reports.record import StudyRecord
from reports.views.differences import differences, margin_of
from reports.views.progress import progress_view


def study_svg(record: StudyRecord) -> str:
    """Draw the answers' intervals, else the search so far; empty where no trial has an accuracy."""
    rows = differences(record)
    if rows:
        return intervals_svg(rows, margin_of(record))
    progress = progress_view(record)
    return search_svg(progress) if progress.points else ""
