"""The words of --stop-when."""

import pytest

from search_spaces.faults import FaultError
from study.run_dir.stop_when import check_stop_when, patience_of


@pytest.mark.parametrize(
    ("text", "patience"),
    [("never", None), ("done", None), ("no-progress:1", 1), ("no-progress:10000000", 10_000_000)],
)
def test_a_rule_is_read_as_it_stands(text, patience):
    assert check_stop_when(text, "--stop-when") == text
    assert patience_of(text) == patience


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", ""),
        ("no-progress", ""),
        ("no-progress:0", ""),
        ("no-progress:123456789", ""),
        ("no-progress:2.5", ""),
        ("no-progress:٣", ""),  # an Arabic three
        ("noprogress:20", " (did you mean no-progress?)"),
        ("Done", " (did you mean done?)"),
        ("when it is good", ""),
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text, meant):
    with pytest.raises(FaultError) as caught:
        check_stop_when(text, "--stop-when")
    assert str(caught.value) == (
        f"--stop-when: no such rule{meant}; got {text!r}; "
        "allowed: no-progress:N (no better trial for N trials), done, never"
    )
