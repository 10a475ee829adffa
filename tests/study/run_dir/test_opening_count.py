from dataclasses import replace

import pytest

from reports.opening import Purpose
from study.run_dir.opening_count import count_before, opening_number, running_counts
from tests.study.made_openings import BASELINE, final, opened, opening


@pytest.mark.parametrize(
    ("openings", "expected"),
    [
        ([], 1),
        ([opening(final(5), "a")], 1),
        ([opening(final(5), "a"), opening(final(8), "b")], 2),
        ([opening(final(5), "a"), opening(final(5), "a")], 1),
        ([opening(final(5), "a", "b"), opening(final(5), "b", "a")], 1),
        ([opening(final(5), "a", "b"), opening(final(8), "a")], 2),
        (opened(final(5, 1), final(10, 2), final(20, 3)), 1),
        (opened(final(5), final(10, 2)), 2),
        (opened(final(5, 1), final(20, 3)), 2),
        (opened(final(5, 1), final(5)), 2),
        (opened(final(5, 1), final(10, 2), final(5, 1), final(10, 2)), 2),
        (
            [opening(final(5, k), str(k)) for k in (1, 2, 2, 3)],
            1,
        ),
        (opened(final(5, 1), final(10, 2, "trial 71")), 2),
        (opened(final(5, 1), final(10, 2, "trial 71"), final(10, 2)), 3),
        (opened(final(5, 1), final(5, 1, "trial 71"), final(10, 2)), 3),
        (opened(final(5, 1), final(10, 2, "trial 71"), final(20, 3, "trial 71")), 2),
        (opened(final(5, 1), final(10, 2, looks=4)), 2),
        (opened(final(5, 1), Purpose("train", "trial 7", 10, 2, 3)), 2),
        (opened(final(5, 1), BASELINE, final(10, 2)), 3),
        (opened(None, final(5)), 2),
        (opened(final(5, 1), None, final(10, 2)), 3),
    ],
    ids=[
        "none yet",
        "one",
        "two",
        "again after a crash",
        "again in another order",
        "fewer weights",
        "planned looks",
        "a look that nothing planned",
        "a look left out",
        "an opening after a look",
        "two series of looks",
        "a look again after a crash",
        "a look for another winner",
        "a look for another winner between planned looks",
        "another winner's series between planned looks",
        "another winner's looks",
        "a look of another plan",
        "a look of another stage",
        "another opening between planned looks",
        "an old line that names no purpose",
        "such a line between planned looks",
    ],
)
def test_openings_that_widen_the_interval_are_counted(openings, expected):
    assert opening_number(openings) == expected


def test_words_change_no_count():
    words = "final of trial 7 and baseline, 20 seeds each, look 2 of 3"
    openings = [opening(final(5, 1), "a"), opening(BASELINE, "b", why=words)]
    assert opening_number(openings) == 2


def test_openings_of_several_ledgers_have_one_count():
    series = [final(5, 1), final(10, 2), final(20, 3)]
    first, second, third = opened(*series)
    other = opening(final(5), "x")
    again = opening(final(5), "x")

    found = running_counts([("a", first), ("b", other), ("a", second), ("c", again), ("a", third)])

    # The looks of a study stay one opening, whoever comes between them.
    assert found == (1, 2, 2, 2, 2)


def test_another_ledgers_later_openings_and_the_same_networks_do_not_count():
    own = [opening(final(5), "a")]
    later = replace(opening(final(5), "c"), when="2026-01-02T00:00:00+00:00")
    other = [opening(final(5), "a"), opening(final(8), "b"), later]
    assert count_before(own, [other]) == 1
    # A ledger and its copy are no two ledgers.
    assert count_before(own, [other, other]) == 1
