import pytest

from study.run_dir.fold_rule import RULE, folds_of_rows, folds_words


@pytest.mark.parametrize(
    ("rows", "folds"), [(1, 5), (999, 5), (1_000, 3), (4_999, 3), (5_000, 1), (60_000, 1)]
)
def test_the_number_of_folds_follows_from_the_training_rows(rows: int, folds: int) -> None:
    assert folds_of_rows(rows) == folds


def test_the_rule_is_said_in_one_sentence_with_the_number() -> None:
    assert RULE == "5 below 1,000, 3 below 5,000 training rows, else 1"
    assert folds_words(3, "1,437 training images", is_asked=False) == (
        "folds 3: each trial is trained 3 times and scored on each fold of 1,437 training images "
        "once (the default: 5 below 1,000, 3 below 5,000 training rows, else 1)"
    )
    assert folds_words(1, "1,437 training images", is_asked=True) == (
        "folds 1: each trial is trained once and scored on one validation split of 1,437 "
        "training images"
    )
