"""All cards of the page, in order."""

from reports.blocks import Section
from reports.cards.search import progress_card
from reports.record import StudyRecord


def sections(record: StudyRecord) -> tuple[Section, ...]:
    """Build every card of a study's report."""
    return (Section("The search", (progress_card(record),)),)
