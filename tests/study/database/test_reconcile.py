import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.database.reconcile import Joined, join

LINES = st.lists(st.binary(max_size=4).map(lambda text: text.replace(b"\n", b"")), max_size=6)


def whole(lines):
    return b"".join(line + b"\n" for line in lines)


def settled(local, kept):
    """Return file and kept lines after they were joined."""
    joined = join(local, kept)
    assert joined is not None
    return (local if joined.to_write is None else joined.to_write), [*kept, *joined.to_keep]


@given(lines=LINES, cut=st.integers(0, 6))
def test_a_file_that_is_behind_becomes_what_is_kept(lines, cut):
    assert settled(whole(lines[:cut]), lines) == (whole(lines), lines)


@given(lines=LINES, cut=st.integers(0, 30))
def test_a_file_that_is_torn_anywhere_becomes_what_is_kept(lines, cut):
    assert settled(whole(lines)[:cut], lines) == (whole(lines), lines)


@given(lines=LINES, cut=st.integers(0, 6))
def test_a_storage_that_is_behind_is_given_what_it_lacks(lines, cut):
    assert settled(whole(lines), lines[:cut]) == (whole(lines), lines)


@given(lines=LINES, torn=st.binary(min_size=1).filter(lambda text: b"\n" not in text))
def test_a_line_that_was_never_finished_is_not_kept(lines, torn):
    assert settled(whole(lines) + torn, lines) == (whole(lines) + torn, lines)


@given(same=LINES, one=LINES, other=LINES)
def test_lists_that_differ_within_are_distinguished(same, one, other):
    assert join(whole([*same, b"a", *one]), [*same, b"b", *other]) is None


@given(local=st.binary(), kept=LINES)
def test_joining_twice_changes_nothing_more(local, kept):
    if join(local, kept) is not None:
        file, lines = settled(local, kept)
        assert join(file, lines) == Joined((), None)


@pytest.mark.parametrize(("local", "kept"), [(b"", []), (b"a\n", [b"a"])])
def test_equal_sides_need_nothing(local, kept):
    assert join(local, kept) == Joined((), None)
