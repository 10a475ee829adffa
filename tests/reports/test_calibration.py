"""A calibration on the page, in the terminal, in JSON and in words."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.blocks import Charts, NotYet, Words
from reports.calibration import BeforeAndAfter, Calibration, Reliability, ReliabilityPoint
from reports.calibration_words import calibration_words, finding_words
from reports.cards.calibration import calibration_card
from reports.comparison import render_comparison
from reports.figures.calibration import reliability_figure
from reports.json_record import (
    confirmation_from_json,
    confirmation_to_json,
    record_from_json,
    record_to_json,
)
from reports.record import Confirmation, StudyRecord
from reports.summary import render_summary
from reports.views.calibration import reliability_views
from search_spaces.faults import FaultError

MakeRecord = Callable[..., StudyRecord]
BEFORE = Reliability(
    0.25,
    0.031,
    0.008,
    (ReliabilityPoint(0.8, 0.7, 0.6, 0.78, 100), ReliabilityPoint(0.99, 0.95, 0.89, 0.98, 100)),
)
AFTER = Reliability(
    0.2125,
    0.009,
    0.0085,
    (ReliabilityPoint(0.72, 0.7, 0.6, 0.78, 100), ReliabilityPoint(0.94, 0.95, 0.89, 0.98, 100)),
)
EFFECT = BeforeAndAfter(200, BEFORE, AFTER, -0.0375, -0.05, -0.02)
FOUND = Calibration(1.32, 3, 35, EFFECT, replace(EFFECT, n=1000))
UNSURE = replace(FOUND, validation=replace(EFFECT, high=0.001))


def confirmed(record: StudyRecord) -> Confirmation:
    assert record.confirmation is not None
    return record.confirmation


def with_calibration(
    record: StudyRecord, found: Calibration | None, why: str | None = None
) -> StudyRecord:
    own = replace(confirmed(record), calibration=found, uncalibrated=why)
    return replace(record, confirmation=own)


def test_the_words_say_temperature_rows_effect_and_interval() -> None:
    effect = (
        "log loss from 0.2500 to 0.2125 nats (95 % interval of the change −0.0500 to −0.0200), "
        "expected calibration error from 3.10 % to 0.90 %."
    )
    assert calibration_words(FOUND, "images") == (
        "The winner's probabilities are too sure: divide their logarithms by 1.32, the "
        "temperature. On validation images that 3 networks of the race had not seen (n = 200 "
        f"answers, cross-fitted): {effect} On the test images (n = 1,000, one network): {effect}"
    )
    assert finding_words(FOUND, "images") == (
        "Temperature 1.32: expected calibration error from 3.10 % to 0.90 % "
        "(test images, n = 1,000)."
    )
    alone = replace(FOUND, temperature=0.8, networks=1, test=None)
    assert calibration_words(alone, "rows") == (
        "The winner's probabilities are not sure enough: divide their logarithms by 0.8, the "
        "temperature. On validation rows that 1 network of the race had not seen (n = 200 "
        f"answers, cross-fitted): {effect}"
    )
    assert finding_words(alone, "rows").endswith("(validation rows, n = 200).")


def test_a_change_that_may_be_chance_leaves_the_probabilities_as_they_are() -> None:
    assert FOUND.helps
    assert not UNSURE.helps
    assert calibration_words(UNSURE, "images").startswith(
        "The winner's probabilities are left as they are: what a temperature of 1.32 changes may "
        "be chance. On validation images that 3 networks"
    )
    assert finding_words(UNSURE, "images") == (
        "Left as they are: what a temperature of 1.32 changes may be chance."
    )


def test_a_figure_shows_the_points_and_the_diagonal_of_each_split() -> None:
    test, validation = reliability_views(FOUND)
    assert (test.split, test.n, validation.split, validation.n) == ("test", 1000, "validation", 200)
    assert test.start == pytest.approx(0.55)
    diagonal, before, after = reliability_figure(test).data
    assert diagonal["x"] == diagonal["y"] == [test.start, 1.0]
    assert (before["name"], before["x"], before["y"]) == ("as trained", [0.8, 0.99], [0.7, 0.95])
    assert (after["name"], after["x"]) == ("with the temperature", [0.72, 0.94])
    assert before["error_y"]["array"] == pytest.approx([0.08, 0.03])
    assert before["error_y"]["arrayminus"] == pytest.approx([0.1, 0.06])
    assert [one.split for one in reliability_views(replace(FOUND, test=None))] == ["validation"]
    nothing = replace(EFFECT, before=replace(BEFORE, points=()), after=replace(AFTER, points=()))
    assert reliability_views(replace(FOUND, validation=nothing, test=None))[0].start == 0


def test_the_card_has_a_figure_for_each_split_and_the_numbers(make_record: MakeRecord) -> None:
    card = calibration_card(with_calibration(make_record(20), FOUND))
    words, charts, fold = card.blocks
    assert isinstance(words, Words)
    assert words.text == calibration_words(FOUND, "images")
    assert isinstance(charts, Charts)
    assert [one.file for one in charts.charts] == ["reliability-test", "reliability-validation"]
    assert charts.charts[0].caption == (
        "Share of right answers against their mean confidence on test images (n = 1,000), with "
        "95 % intervals."
    )
    assert fold.blocks[0].table.rows == (  # type: ignore[union-attr]
        ("validation, cross-fitted", 200, "as trained", "0.2500", 0.031, 0.008),
        ("validation, cross-fitted", 200, "with the temperature", "0.2125", 0.009, 0.0085),
        ("test", 1000, "as trained", "0.2500", 0.031, 0.008),
        ("test", 1000, "with the temperature", "0.2125", 0.009, 0.0085),
    )
    assert card.line == finding_words(FOUND, "images")


def test_without_a_calibration_card_and_terminal_say_why(make_record: MakeRecord) -> None:
    why = "3 of 240 answers are wrong"
    record = with_calibration(make_record(20), None, why)
    assert calibration_card(record).blocks == (NotYet(f"{why}."),)
    heading = "\n\nThe winner's probabilities\n  "
    assert f"{heading}Not calibrated: {why}.\n" in render_summary(record)
    older = with_calibration(record, None)
    reason = "there is no final, or an earlier version confirmed this study."
    assert calibration_card(older).blocks == (NotYet(reason),)
    assert heading not in render_summary(older)
    unconfirmed = make_record(20, answer=None)
    reason = "nothing has been confirmed: dense-study confirm mnist-four"
    assert calibration_card(unconfirmed).blocks == (NotYet(reason),)


def test_the_terminal_says_the_calibration(make_record: MakeRecord) -> None:
    text = render_summary(with_calibration(make_record(20), FOUND), 4000)
    assert f"\n\nThe winner's probabilities\n  {finding_words(FOUND, 'images')}\n\n" in text


def test_a_calibration_comes_back_from_json_and_older_records_have_none(
    make_record: MakeRecord,
) -> None:
    record = with_calibration(make_record(20), FOUND)
    values = record_to_json(record)
    assert values["confirmation"]["calibration"]["temperature"] == 1.32
    assert record_from_json(values) == record
    older = confirmation_to_json(confirmed(with_calibration(record, None)))
    assert {"calibration", "uncalibrated"}.isdisjoint(older)
    assert confirmation_from_json(older).calibration is None


def test_a_temperature_that_none_can_be_is_a_fault(make_record: MakeRecord) -> None:
    values = confirmation_to_json(confirmed(with_calibration(make_record(20), FOUND)))
    values["calibration"]["temperature"] = 0.0
    with pytest.raises(FaultError) as error:
        confirmation_from_json(values)
    assert str(error.value) == (
        "confirmation: calibration.temperature: wrong value; got 0.0; "
        "allowed: a number from 0.01 to 100"
    )


def test_studies_side_by_side_have_their_temperatures_where_one_has_any(
    make_record: MakeRecord,
) -> None:
    one = with_calibration(make_record(20, name="one"), FOUND)
    other = with_calibration(make_record(20, name="other"), None)
    assert finding_words(FOUND, "images") in render_comparison([one, other])
    assert "its probabilities" not in render_comparison([other, other])
