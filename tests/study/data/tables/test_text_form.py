"""The delimiter, the header and the names of a text table are found in its first lines."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import FaultError
from study.data.tables.text_form import TextForm, find_form
from study.data.tables.text_table import read_text_table

WITH_HEADER = [
    ("a,b\n1,2\n3,4\n", ","),
    ("a;b\n1,5;2,5\n3,5;4\n", ";"),
    ("a\tb c\n1\tx, y\n3\tz, w\n", "\t"),
    ("a|b\n1|2\n", "|"),
    ("a^b\n1^2\n", "^"),
    ("  a   b\n  1   2\n 30  40\n", ""),
    ('a,b\n"1, 5",2\n"x\ny",4\n', ","),
    ("\n\na,b\n\n1,2\n", ","),
]


@pytest.mark.parametrize(("text", "delimiter"), WITH_HEADER)
def test_a_delimiter_gives_each_line_the_same_number_of_cells(text: str, delimiter: str) -> None:
    form = find_form(text, "here")
    assert (form.delimiter, form.has_header, len(form.names)) == (delimiter, True, 2)


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("x,y\n1,a\n2,b\n", True),
        ("label,1x1,1x2\n5,0,0\n3,0,1\n", True),
        (",0,1\n0,5.1,3.5\n1,4.9,3.0\n", True),
        ("5.1,3.5,setosa\n4.9,3.0,virginica\n", False),
        ("vhigh,vhigh,2\nlow,low,4\n", False),
        ("p,x,s,n,t,p\ne,x,s,y,t,a\n", False),
        ("1,2\n3,4\n", False),
    ],
)
def test_a_header_is_distinguished_from_a_first_row(text: str, has_header: bool) -> None:
    assert find_form(text, "here").has_header is has_header


def test_columns_without_a_name_are_numbered() -> None:
    assert find_form("5,1.5,x\n6,2.5,y\n", "here") == TextForm(
        ",", ("column 1", "column 2", "column 3"), has_header=False
    )
    assert find_form(",a\n0,1\n1,2\n", "here").names == ("column 1", "a")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "here: the table is empty"),
        ("\n \n", "here: the table is empty"),
        (
            "one\ntwo\n",
            (
                "here: no table: no delimiter gives its lines the same number of cells, two or "
                "more; got one; allowed: lines of cells between commas, tabs or the like"
            ),
        ),
        (
            "a,b,a\n1,2,3\n",
            "here: columns of the same name; got a; allowed: a name for each column",
        ),
    ],
)
def test_what_is_no_table_is_reported(text: str, message: str) -> None:
    with pytest.raises(FaultError) as caught:
        find_form(text, "here")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("'a'\t'b c'\n1\tx\n2\ty\n", ("a", "b c")),
        ("'a' 'b'\n1 x\n2 y\n", ("a", "b")),
        ("'a','b, c'\n1,2\n", ("a", "b, c")),
    ],
)
def test_names_in_single_quotes_are_read_without_them(text: str, names: tuple[str, ...]) -> None:
    cells, _ = read_text_table(text.encode(), "here")
    assert tuple(one.name for one in cells) == names


def test_an_apostrophe_is_no_quote_where_not_all_names_have_one() -> None:
    cells, _ = read_text_table(b"'a',b\n'1,2\n", "here")
    assert [(one.name, *one.texts) for one in cells] == [("'a'", "'1"), ("b", "2")]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cs"]))


@given(st.data(), st.sampled_from([",", ";", "\t", "|"]))
def test_what_is_written_as_csv_is_read_back(data: st.DataObject, delimiter: str) -> None:
    width = data.draw(st.integers(2, 5))
    rows = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8))
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([f"name{place}" for place in range(width)])
    writer.writerows([[f"x{cell}" for cell in row] for row in rows or [["1"] * width]])
    cells, notes = read_text_table(stream.getvalue().encode(), "here")
    assert notes == ()
    for place, column in enumerate(cells):
        assert column.name == f"name{place}"
        expected = [f"x{row[place]}".strip() for row in rows] or ["x1"]
        assert [column.texts[code] for code in column.codes] == expected
