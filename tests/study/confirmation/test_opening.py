import pytest

from reports.record import Opening
from study.confirmation.opening import look_of, look_words, opening_number


def opening(why, *weights):
    return Opening("2026-01-01T00:00:00+00:00", why, weights, "f", "c")


@pytest.mark.parametrize(
    ("openings", "expected"),
    [
        ([], 1),
        ([opening("final", "a")], 1),
        ([opening("final", "a"), opening("final", "b")], 2),
        ([opening("final", "a"), opening("final", "a")], 1),
        (
            [opening(f"final, {look_words(k, 3)}", str(k)) for k in (1, 2, 3)],
            1,
        ),
        ([opening("final", "a"), opening("final, look 2 of 3", "b")], 2),
        ([opening("final, look 1 of 3", "a"), opening("final", "b")], 2),
        (
            [
                opening("final, look 1 of 3", "a"),
                opening("final, look 2 of 3", "b"),
                opening("final, look 1 of 3", "c"),
                opening("final, look 2 of 3", "d"),
            ],
            2,
        ),
    ],
    ids=[
        "none yet",
        "one",
        "two",
        "again after a crash",
        "planned looks",
        "a look that nothing planned",
        "an opening after a look",
        "two series of looks",
    ],
)
def test_openings_that_widen_the_interval_are_counted(openings, expected):
    assert opening_number(openings) == expected


@pytest.mark.parametrize(
    ("why", "look"),
    [("final, look 2 of 3", 2), ("final of trial 7", None), ("a look at it", None), ("", None)],
)
def test_the_look_is_read_from_the_reason(why, look):
    assert look_of(why) == look
