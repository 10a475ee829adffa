import pytest

from reports.opening import Purpose
from study.confirmation.on_test_split import standing_looks
from tests.study.made_openings import BASELINE, final, opened, opening

AUTO = (5, 10, 20)


def test_words_change_no_looks():
    words = "final of trial 7 and baseline, 20 seeds a side, look 2 of 3"
    assert standing_looks([opening(None, "a", why=words)], "trial 7", (5,)) == (5,)


@pytest.mark.parametrize(
    ("purposes", "asked", "taken"),
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
        ([final(20, winner="trial 71"), BASELINE, None], (5,), (5,)),
        ([Purpose("train", "trial 7", seeds=20)], (5,), (5,)),
    ],
)
def test_an_answer_on_fewer_seeds_than_were_opened_is_not_given(purposes, asked, taken):
    assert standing_looks(opened(*purposes), "trial 7", asked) == taken
