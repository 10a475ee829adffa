"""What is said beside an answer's sentence."""

import pytest

from reports.answer_words import headline, plain_words, trainings_words
from reports.record import Answer, Comparison, Confirmation, Interval, Trainings

INTERVAL = Interval(0.0022, 0.0096, 0.96)


def comparison(against, answer, interval=INTERVAL):
    return Comparison(against, answer, f"{answer}.", 0.0, 5, 1000, 0.0, interval)


def confirmation(
    own: Answer, same: Answer | None = None, published: Answer | None = None
) -> Confirmation:
    found = [comparison("baseline", own)]
    if published:
        found.append(comparison("published", published))
    equal = comparison("equal compute", same) if same else None
    return Confirmation("trial 3", (), tuple(found), (), True, equal_compute=equal)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("BEATS",), "BEATS the baseline re-run here."),
        (
            ("BEATS", "CAN'T TELL"),
            (
                "BEATS the baseline re-run here; with the same epochs and width the baseline "
                "may do as well."
            ),
        ),
        (
            ("BEATS", "DOES NOT BEAT", "BEATS"),
            (
                "BEATS the baseline re-run here; with the same epochs and width the baseline does "
                "better; it beats the published number."
            ),
        ),
        (
            ("CAN'T TELL", "BEATS", "DOES NOT BEAT"),
            (
                "CAN'T TELL whether it beats the baseline re-run here; it beats the baseline with "
                "the same epochs and width; it does not beat the published number."
            ),
        ),
        (
            ("DOES NOT BEAT", None, "CAN'T TELL"),
            (
                "DOES NOT BEAT the baseline re-run here; whether it beats the published number is "
                "open."
            ),
        ),
    ],
)
def test_the_headline_is_every_answer_in_one_line(answers, expected) -> None:
    assert headline(confirmation(*answers)) == expected


def test_what_cannot_be_compared_is_not_in_the_headline() -> None:
    found = Confirmation(
        "trial 3",
        (),
        (comparison("baseline", "BEATS"), comparison("published", "CAN'T TELL", None)),
        (),
        True,
    )
    assert headline(found) == "BEATS the baseline re-run here."


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0022, 0.0096, "2.2 to 9.6 more"),
        (-0.0123, -0.0004, "0.4 to 12 fewer"),
        (-0.0011, 0.0023, "between 1.1 fewer and 2.3 more"),
    ],
)
def test_an_interval_is_so_many_of_a_thousand_images(low, high, expected) -> None:
    found = comparison("baseline", "CAN'T TELL", Interval(low, high, 0.96))
    assert plain_words("trial 3", found) == f"Of 1,000 such images trial 3 gets {expected} right."


def test_without_an_interval_there_is_nothing_to_say_plainly() -> None:
    assert plain_words("trial 3", comparison("published", "CAN'T TELL", None)) == ""


def test_trainings_are_said_with_how_many_could_collapse_median_and_worst() -> None:
    assert trainings_words(Trainings("trial 3", 5, 0, 0.4507, 0.984, 0.9831)) == (
        "0 of 5 trainings of trial 3 failed or collapsed, and up to 45 % could (95 %); "
        "accuracy 98.40 % in the median, 98.31 % at worst"
    )
