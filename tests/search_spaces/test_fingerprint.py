from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from search_spaces.fingerprint import space_fingerprint
from search_spaces.read import load_space, read_space
from search_spaces.shipped import shipped_names
from search_spaces.space import Space
from search_spaces.write import write_space

TEXT = """\
name = "mine"

[parameters.optimizer]
type = "choice"
values = ["adam", "sgd"]

[parameters.momentum]
type = "float"
low = 0.0
high = 0.9
when.optimizer = ["sgd", "rmsprop"]

[parameters.width]
type = "int"
low = 64
high = 1024

[fixed]
depth = 2

[baseline]
dropout = 0.2
"""

SAME = {
    "another name": ('"mine"', '"yours"'),
    "a description": ('"mine"', '"mine"\nabout = "what it is for"'),
    "a default written out": ("depth = 2", "depth = 2\ntaper = 1"),
    "a default left out": ("dropout = 0.2", ""),
    "a condition in another order": ('["sgd", "rmsprop"]', '["rmsprop", "sgd"]'),
    "a step of one": ("high = 1024", "high = 1024\nstep = 1"),
    "whole numbers for floats": ("low = 0.0", "low = 0"),
}

OTHER = {
    "a wider range": ("high = 1024", "high = 2048"),
    "a log scale": ("high = 1024", "high = 1024\nlog = true"),
    "a step": ("high = 1024", "high = 1024\nstep = 64"),
    "one value more": ('["adam", "sgd"]', '["adam", "sgd", "lion"]'),
    "values in another order": ('["adam", "sgd"]', '["sgd", "adam"]'),
    "another condition": ('["sgd", "rmsprop"]', '"sgd"'),
    "something else fixed": (
        "depth = 2\n\n[baseline]\n",
        "depth = 3\n\n[baseline]\ndepth = 3\n",
    ),
    "another baseline": ("dropout = 0.2", "width = 256"),
}


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME.keys())
def test_what_changes_no_trial_keeps_the_fingerprint(before: str, after: str) -> None:
    assert before in TEXT
    one, other = read_space(TEXT, "one"), read_space(TEXT.replace(before, after), "other")
    assert space_fingerprint(one) == space_fingerprint(other)


@pytest.mark.parametrize(("before", "after"), OTHER.values(), ids=OTHER.keys())
def test_what_changes_a_trial_changes_the_fingerprint(before: str, after: str) -> None:
    assert before in TEXT
    one, other = read_space(TEXT, "one"), read_space(TEXT.replace(before, after), "other")
    assert space_fingerprint(one) != space_fingerprint(other)


def test_the_published_figure_does_not_count() -> None:
    four = load_space("four")
    unpublished = replace(four, baseline=replace(four.baseline, published=None))
    assert space_fingerprint(unpublished) == space_fingerprint(four)


def test_a_fingerprint_is_16_hex_digits_and_stays_from_release_to_release() -> None:
    assert space_fingerprint(read_space(TEXT, "mine")) == "5310223d2244c902"


def test_shipped_spaces_have_different_fingerprints() -> None:
    found = {space_fingerprint(load_space(name)) for name in shipped_names()}
    assert len(found) == len(shipped_names())


@given(st.data())
def test_a_written_space_keeps_its_fingerprint(
    spaces: SearchStrategy[Space], data: DataObject
) -> None:
    space = data.draw(spaces)
    again = read_space(write_space(space), "written")
    assert space_fingerprint(again) == space_fingerprint(space)
