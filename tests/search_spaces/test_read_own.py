"""Spaces of networks that a user's function builds: any names, written and read back the same."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.active import baseline_params, searched_params
from search_spaces.faults import FaultError
from search_spaces.fingerprint import space_fingerprint
from search_spaces.read import load_space, read_space
from search_spaces.space import Baseline, ChoiceDomain, SearchedParameter, Space
from search_spaces.write import write_space

names = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20)
values = st.booleans() | st.integers(-(2**62), 2**62) | st.floats(-1e9, 1e9) | texts


@st.composite
def spaces(draw: st.DrawFn) -> Space:
    keys = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    rows = {key: draw(st.lists(values, min_size=1, max_size=3)) for key in keys}
    searched = tuple(SearchedParameter(key, ChoiceDomain(tuple(row))) for key, row in rows.items())
    baseline = {key: row[0] for key, row in rows.items()}
    return Space("own", "", searched, {"more": 1}, Baseline(baseline), network="own")


@given(spaces())
def test_a_space_is_read_back_as_it_was_written(space: Space) -> None:
    again = read_space(write_space(space), "space.toml")
    assert again == space
    assert space_fingerprint(again) == space_fingerprint(space)
    assert baseline_params(again) == space.baseline.params
    assert searched_params(again, space.baseline.params) == space.baseline.params


def test_every_fault_of_such_a_file_comes_at_once() -> None:
    text = """
name = "own"
network = "own"
[parameters.filters]
type = "int"
low = 1
[parameters.rate]
type = "choice"
values = [0.1, [2]]
[baseline]
filters = 3
"odd name" = 1
"""
    with pytest.raises(FaultError) as caught:
        read_space(text, "space.toml")
    wheres = [(one.where, one.what) for one in caught.value.faults]
    assert wheres == [
        ("space.toml: [parameters.filters] low", "unknown key"),
        ("space.toml: [parameters.filters]", "not a choice"),
        ("space.toml: [parameters.rate]", "value not allowed for rate"),
        ('space.toml: [baseline] "odd name"', "not a parameter's name"),
        ("space.toml: baseline", "filters is none of its values"),
        ("space.toml: baseline", "rate is none of its values"),
    ]


def test_another_network_is_an_unknown_key() -> None:
    with pytest.raises(FaultError, match=r"x\.toml: network: unknown key; allowed: name"):
        read_space('name = "x"\nnetwork = "huge"\n[parameters]\n', "x.toml")


def test_no_command_takes_such_a_space(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('name = "x"\nnetwork = "own"\n', encoding="utf-8")
    with pytest.raises(FaultError) as caught:
        load_space(str(path))
    assert str(caught.value) == (
        f"{path}: a space of a network that a program builds; allowed: study.verdict_for, in Python"
    )
