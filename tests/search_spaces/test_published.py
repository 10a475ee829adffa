"""A published accuracy: what may be left out, and what a study fills in."""

import pytest

from search_spaces.faults import FaultError
from search_spaces.fingerprint import space_fingerprint
from search_spaces.published import kept_with_study
from search_spaces.read import read_space
from search_spaces.rows import published_text
from search_spaces.space import PublishedNumber
from search_spaces.write import write_space

HEAD = 'name = "mine"\n[parameters.width]\ntype = "int"\nlow = 64\nhigh = 1024\n'
NUMBER = "[baseline.published]\naccuracy = 0.9\n"
DATA = '[data]\nsource = "my.csv"\n'


def test_the_number_alone_is_enough_beside_data_and_survives_writing() -> None:
    space = read_space(HEAD + DATA + NUMBER, "my.toml")
    assert space.baseline.published == PublishedNumber(0.9)
    assert read_space(write_space(space), "again.toml") == space
    assert published_text(PublishedNumber(0.9)) == (
        "90.00% (the space's own data, test, n not said, number of runs not said; source not said)"
    )


def test_the_number_and_its_data_are_enough_in_any_space() -> None:
    space = read_space(f'{HEAD}{NUMBER}data = "mnist"\n', "my.toml")
    assert space.baseline.published == PublishedNumber(0.9, "mnist")


def test_a_study_on_the_data_that_was_named_fills_in_data_and_rows() -> None:
    space = read_space(HEAD + DATA + NUMBER, "my.toml")
    kept = kept_with_study(space, "my", 30, is_named=True)
    assert kept.baseline.published == PublishedNumber(0.9, "my", "test", 30)
    assert kept.data is None
    assert read_space(write_space(kept), "space.toml") == kept
    assert space_fingerprint(kept) == space_fingerprint(space)


def test_a_study_on_other_data_says_whose_number_it_is() -> None:
    space = read_space(HEAD + DATA + NUMBER, "my.toml")
    kept = kept_with_study(space, "my", 30, is_named=False)
    assert kept.baseline.published == PublishedNumber(0.9, "the [data] of mine, 'my.csv'")


def test_what_was_said_is_kept() -> None:
    said = f'{HEAD}{NUMBER}data = "my"\nn = 7\nruns = 3\nsource = "us"\n'
    space = read_space(said, "my.toml")
    kept = kept_with_study(space, "my", 30, is_named=False)
    assert kept == space


def test_a_validation_number_needs_its_rows() -> None:
    with pytest.raises(FaultError) as caught:
        read_space(f'{HEAD}{DATA}{NUMBER}split = "validation"\n', "my.toml")
    assert str(caught.value) == (
        "my.toml: [baseline.published]: missing: n (how many images or rows it was measured on); "
        "allowed: as in n = 10000"
    )


def test_a_number_of_another_measure_is_said_with_its_measure() -> None:
    said = f'{HEAD}{DATA}[baseline.published]\nmeasure = "log_loss"\nvalue = 0.06\n'
    space = read_space(said, "my.toml")
    published = PublishedNumber(None, measure="log_loss", value=0.06)
    assert space.baseline.published == published
    assert (published.is_of, published.number) == ("log_loss", 0.06)
    assert read_space(write_space(space), "again.toml") == space
    assert published_text(published).startswith("log loss 0.06 (the space's own data, test,")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            'measure = "log_loss"\n',
            (
                "my.toml: [baseline.published]: missing: value (the number itself, where it is no "
                "accuracy); allowed: as in value = 0.06"
            ),
        ),
        (
            'measure = "recall"\nvalue = 0.5\n',
            (
                "my.toml: [baseline.published] measure: no such measure; got 'recall'; allowed: "
                "balanced_accuracy, log_loss, brier_score"
            ),
        ),
        (
            'measure = "brier_score"\nvalue = 2.5\n',
            (
                "my.toml: [baseline.published] value: not a value of this measure; got 2.5; "
                "allowed: a number from 0 to 2"
            ),
        ),
        (
            'measure = "log_loss"\nvalue = 0.06\naccuracy = 0.9\n',
            (
                "my.toml: [baseline.published]: a published number is an accuracy, or the value of "
                "another measure; got both; allowed: one of the two"
            ),
        ),
    ],
)
def test_a_number_of_another_measure_is_whole_or_refused(lines: str, message: str) -> None:
    with pytest.raises(FaultError) as caught:
        read_space(f"{HEAD}{DATA}[baseline.published]\n{lines}", "my.toml")
    assert str(caught.value) == message
