"""All cards of the page, in order."""

from dataclasses import replace

from reports.blocks import Card, Section
from reports.cards.calibration import calibration_card
from reports.cards.cost import cost_card, stops_card, timeline_card
from reports.cards.curves import curves_card
from reports.cards.importance import ablation_card, importance_card
from reports.cards.luck import luck_card
from reports.cards.networks import config_card, confusion_card, flips_card, summaries_card
from reports.cards.parameters import pairs_card, parallel_card, slices_card
from reports.cards.search import progress_card
from reports.cards.setup import data_card, repeat_card, space_card
from reports.cards.trials import axes_card, trials_card
from reports.record import StudyRecord
from reports.views.importance import importance_view


def sections(record: StudyRecord) -> tuple[Section, ...]:
    """Build every card of a study's report."""
    importance = importance_view(record)
    order = tuple(row.parameter for row in importance.rows)
    following = Section("What to do next", (config_card(record),))
    rest = (
        Section("Behind the answer", (luck_card(record),)),
        Section("The search", (progress_card(record), curves_card(record), trials_card(record))),
        Section(
            "What mattered",
            (
                ablation_card(record),
                importance_card(importance),
                slices_card(record, order),
                pairs_card(record, order),
                parallel_card(record, order),
                axes_card(record),
            ),
        ),
        Section("What it cost", (cost_card(record), timeline_card(record), stops_card(record))),
        Section(
            "The networks",
            (
                summaries_card(record),
                calibration_card(record),
                confusion_card(record),
                flips_card(record),
            ),
        ),
        Section("What went in", (data_card(record), space_card(record), repeat_card(record))),
    )
    return (following, *(Section(part.title, _folded(part.cards)) for part in rest))


def _folded(cards: tuple[Card, ...]) -> tuple[Card, ...]:
    return tuple(replace(card, folded=True) for card in cards)
