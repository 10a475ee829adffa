"""The small pictures for notebooks: sound SVG, right places, no script."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.inline.intervals import intervals_svg
from reports.inline.search import search_svg
from reports.inline.study import study_svg
from reports.inline.svg import Scale, around, document, text
from reports.record import StudyRecord
from reports.views.differences import Difference
from reports.views.progress import Level, Point, Progress

SVG = "{http://www.w3.org/2000/svg}"
ROW = Difference("the baseline re-run here", "BEATS", 0.01, 0.005, 0.015, 0.96, 5, 359)
SEARCH = Progress(
    points=(Point(0, 0.5, "complete", "baseline"), Point(1, 0.75, "pruned", "search")),
    left_out=0,
    best=((0, 0.5),),
    own=Level(0.5, 0.4, 0.6, "baseline"),
    published=None,
    incomparable=None,
    luck=None,
)


def parsed(picture: str) -> ET.Element:
    assert "<script" not in picture
    return ET.fromstring(picture)  # noqa: S314 our own text


def words(picture: str) -> list[str]:
    return [one.text or "" for one in parsed(picture).iter(f"{SVG}text")]


def test_an_answer_is_written_with_its_n_and_seeds_and_drawn_from_end_to_end() -> None:
    picture = intervals_svg([ROW], 0.0)
    assert "the baseline re-run here: BEATS (n = 359, 5 seeds)" in words(picture)
    scale = Scale(*around([0.0, 0.5, 1.5]), 56, 616)
    drawn = parsed(picture).find(f"{SVG}line[@stroke-width='3']")
    assert drawn is not None
    assert [float(drawn.attrib[end]) for end in ("x1", "x2")] == [scale.at(0.5), scale.at(1.5)]
    assert len(picture) < 3000


def test_each_answer_has_its_colour_and_a_margin_is_a_dotted_line() -> None:
    rows = [replace(ROW, answer=answer) for answer in ("BEATS", "DOES NOT BEAT", "CAN'T TELL")]
    found = parsed(intervals_svg(rows, 0.002)).findall(f"{SVG}circle")
    assert len({one.attrib["fill"] for one in found}) == 3
    assert 'stroke-dasharray="2 3"' in intervals_svg(rows, 0.002)
    assert 'stroke-dasharray="2 3"' not in intervals_svg(rows, 0.0)


def test_a_search_has_a_dot_a_trial_and_whole_numbers_below() -> None:
    picture = search_svg(SEARCH)
    assert len(parsed(picture).findall(f"{SVG}circle")) == 2
    assert {"0", "1"} <= set(words(picture))
    assert not any(re.fullmatch(r"\d+\.\d+", one) for one in words(picture))


def test_one_trial_and_no_baseline_is_a_picture_too() -> None:
    one = replace(SEARCH, points=SEARCH.points[:1], own=None)
    assert len(parsed(search_svg(one)).findall(f"{SVG}circle")) == 1
    assert parsed(search_svg(replace(one, best=()))) is not None


def test_a_study_shows_its_answers_else_its_search_else_nothing(
    make_record: Callable[..., StudyRecord],
) -> None:
    record = make_record()
    assert "winner minus the other" in study_svg(record)
    searched = replace(record, confirmation=None)
    assert "best so far" in study_svg(searched)
    assert study_svg(replace(searched, trials=())) == ""


def test_hostile_words_stay_words() -> None:
    name = "</text><script>alert(1)</script>"
    assert words(document(10, name, [text(0, 0, name)])) == [name]


@example(low=1.0, size=401.0, most=2)
@given(
    low=st.floats(-100, 100, allow_nan=False),
    size=st.floats(1e-3, 1e3),
    most=st.integers(2, 10),
)
def test_ticks_are_few_even_and_inside(low: float, size: float, most: int) -> None:
    scale = Scale(low, low + size, 0, 100)
    ticks = scale.ticks(most)
    assert 1 <= len(ticks) <= most + 1
    assert all(-0.1 <= scale.at(tick) <= 100.1 for tick in ticks)
    steps = [after - before for before, after in pairwise(ticks)]
    assert all(step == pytest.approx(steps[0], rel=1e-6) for step in steps)
