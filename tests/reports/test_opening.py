"""What an opening is for, in words."""

from dataclasses import asdict

import pytest

from reports.old_openings import purpose_of_words, with_purpose
from reports.opening import Purpose, in_words


@pytest.mark.parametrize(
    ("purpose", "words"),
    [
        (Purpose("final", "trial 3", seeds=5), "final of trial 3 and baseline, 5 seeds each"),
        (Purpose("final", "trial 3", seeds=1), "final of trial 3 and baseline, 1 seed each"),
        (
            Purpose("final", "trial 3", seeds=10, look=2, looks=3),
            "final of trial 3 and baseline, 10 seeds each, look 2 of 3",
        ),
        (Purpose("baseline", "baseline", seeds=3), "baseline, 3 seeds"),
        (
            Purpose("baseline walk-through", "baseline", seeds=1, seed=0),
            "baseline step by step, seed 0",
        ),
        (Purpose("train", seeds=1), "train a config file, 1 seed"),
        (Purpose("train", "mnist.toml", seeds=2), "train mnist.toml, 2 seeds"),
        (Purpose("verify", "trial 3", seeds=1, seed=7), "verify the bundle of trial 3, seed 7"),
    ],
)
def test_a_purpose_is_said_in_plain_words(purpose: Purpose, words: str) -> None:
    assert in_words(purpose) == words


@pytest.mark.parametrize(
    "why",
    [
        "",
        "final of trial 3 and baseline",
        "final of trial 3 and baseline, five seeds a side",
        "final of trial 3 and baseline, 5 seeds a side, look 2",
        "final of trial 3 and baseline, 5 seeds a side and more",
        "again: final of trial 3 and baseline, 5 seeds a side",
        f"final of trial 3 and baseline, {'9' * 5000} seeds a side",
        "verify the bundle of study ",
    ],
)
def test_words_that_the_first_version_never_wrote_name_no_purpose(why: str) -> None:
    assert purpose_of_words(why) is None


def test_fields_win_over_old_words() -> None:
    fields = {
        "why": "final of trial 3 and baseline, 5 seeds a side",
        "purpose": asdict(Purpose("train", seeds=2)),
    }
    assert with_purpose(fields) == fields
    assert with_purpose({**fields, "purpose": None})["purpose"] is None
