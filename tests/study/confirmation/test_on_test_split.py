import pytest

from reports.record import Opening
from study.confirmation.on_test_split import (
    final_words,
    look_of,
    look_words,
    opening_number,
    standing_looks,
)


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
        ([opening(f"final, {look_words(k, 3)}", str(k)) for k in (1, 2, 2, 3)], 1),
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
        "a look again after a crash",
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


def final(seeds, look=None, winner="trial 7"):
    words = final_words(winner, seeds)
    return opening(words if look is None else f"{words}, {look_words(look, 3)}", str(seeds))


AUTO = (5, 10, 20)


@pytest.mark.parametrize(
    ("opened", "asked", "taken"),
    [
        ([], (5,), (5,)),
        ([], AUTO, AUTO),
        ([final(5)], (5,), (5,)),
        ([final(5)], (10,), (10,)),
        ([final(20)], (5,), (20,)),
        ([final(20)], AUTO, (20,)),
        ([final(5)], AUTO, AUTO),
        ([final(5, 1)], (5,), AUTO),
        ([final(5, 1), final(10, 2), final(20, 3)], (10,), AUTO),
        ([final(5, 1), final(10, 2), final(20, 3)], (25,), (25,)),
        ([final(5, 1), final(25)], (5,), (25,)),
        ([final(20, winner="trial 71"), opening("baseline under 30 seeds", "a")], (5,), (5,)),
    ],
)
def test_an_answer_on_fewer_seeds_than_were_opened_is_not_given(opened, asked, taken):
    assert standing_looks(opened, "trial 7", asked) == taken
