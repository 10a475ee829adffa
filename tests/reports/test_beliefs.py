"""What the page says of a space's beliefs."""

from dataclasses import replace

import pytest

from reports.cards.parameters import slices_card
from reports.views.beliefs import GradedBelief, graded_beliefs
from search_spaces.space import Belief

THERE = (0.95, 0.96, 0.97, 0.98)
LOWER = (0.90, 0.91, 0.92, 0.93)


@pytest.mark.parametrize(
    ("there", "elsewhere", "sentence"),
    [
        (
            THERE,
            LOWER,
            (
                "That held: 4 trials there (median 96.50 % on validation), 4 trials "
                "elsewhere (median 91.50 % on validation)."
            ),
        ),
        (
            LOWER,
            THERE,
            (
                "That did not hold: 4 trials there (median 91.50 % on validation), 4 trials "
                "elsewhere (median 96.50 % on validation)."
            ),
        ),
        (
            THERE,
            THERE,
            (
                "Whether that holds is open with 4 trials there (median 96.50 % on "
                "validation) and 4 trials elsewhere (median 96.50 % on validation)."
            ),
        ),
        (
            THERE,
            (),
            (
                "Whether that holds is open with 4 trials there (median 96.50 % on "
                "validation) and 0 trials elsewhere."
            ),
        ),
        (
            THERE * 5,
            (0.5,) * 2,
            (
                "Whether that holds is open with 20 trials there (median "
                "96.50 % on validation) and 2 trials elsewhere (median 50.00 % on validation)."
            ),
        ),
    ],
)
def test_a_belief_is_graded_by_a_rank_test_of_both_sides(there, elsewhere, sentence) -> None:
    belief = GradedBelief("width", "100 to 256", there, elsewhere)
    assert belief.sentence == f"Believed: width at its best at 100 to 256. {sentence}"


def test_every_trial_that_ended_but_the_baseline_is_on_one_side(make_record) -> None:
    record = make_record(30)
    believed = {"epochs": Belief(20, 8.0), "width": Belief(64, 2.0)}
    found = graded_beliefs(replace(record, space=replace(record.space, beliefs=believed)))
    assert [(one.name, one.believed) for one in found] == [
        ("epochs", "12 to 20"),
        ("width", "64 to 128"),
    ]
    ended = [one for one in record.trials if one.state in ("complete", "pruned", "failed")]
    for one in found:
        assert len(one.there) + len(one.elsewhere) == len(ended) - 1
    many = [one for one in ended[1:] if int(one.params["epochs"]) >= 12]
    assert len(found[0].there) == len(many)


def test_a_space_without_beliefs_has_no_line(make_record) -> None:
    assert graded_beliefs(make_record(12)) == ()


def test_the_card_on_parameters_has_a_line_for_each_belief(make_record) -> None:
    record = make_record(30)
    space = replace(record.space, beliefs={"dropout": Belief(0.3, 0.1)})
    notes = slices_card(replace(record, space=space), ("dropout",)).notes
    assert notes[0].startswith("Believed: dropout at its best at 0.2 to 0.4. ")
