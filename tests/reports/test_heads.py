"""Winners of several studies against each other."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from reports.comparison import render_comparison
from reports.opening import Opening, Purpose
from reports.record import StudyRecord
from reports.statistics.crossed import mean_difference
from reports.statistics.intervals import of_difference
from reports.statistics.scores import Scores, score_difference, scores
from reports.views.heads import Apart, WinnerScores, heads, shared_measure
from search_spaces.measures import MEASURES, MeasureName

MakeRecord = Callable[..., StudyRecord]


def predictions(seed: int, seeds: int, share: float, n: int = 400) -> WinnerScores:
    """Return who was right where every network errs on the same hard tenth of the images."""
    hard = np.arange(n) < n // 10
    return WinnerScores(Scores(~(hard & (np.random.default_rng(seed).random((seeds, n)) < share))))


@pytest.fixture
def records(make_record: MakeRecord) -> list[StudyRecord]:
    return [make_record(10, name="one"), make_record(12, name="two", seed=2)]


def test_two_winners_get_the_interval_of_their_shared_images_and_seeds(
    records: list[StudyRecord],
) -> None:
    finals = {"one": predictions(1, 5, 0.3), "two": predictions(2, 3, 0.9)}
    (head,), apart = heads(records, finals)
    assert apart == ()
    expected = mean_difference(finals["one"].scores.correct[:3], finals["two"].scores.correct)
    assert (head.first, head.second, head.seeds, head.n) == ("one", "two", 3, 400)
    assert head.difference == expected.mean
    assert head.interval == of_difference(expected, 0.95)
    assert head.interval.low > 0.03


def test_intervals_of_several_pairs_hold_together(
    make_record: MakeRecord, records: list[StudyRecord]
) -> None:
    third = make_record(9, name="three", seed=3)
    finals = {name: predictions(i, 4, 0.5) for i, name in enumerate(("one", "two", "three"))}
    found, _ = heads([*records, third], finals)
    assert [(head.first, head.second) for head in found] == [
        ("one", "two"),
        ("one", "three"),
        ("two", "three"),
    ]
    assert {round(head.interval.level, 12) for head in found} == {round(1 - 0.05 / 3, 12)}


@pytest.mark.parametrize(
    ("seeds", "test", "reason"),
    [
        (None, "", "two not confirmed on the test set"),
        (4, "f" * 64, "their test images differ"),
        (1, "", "fewer than 2 seeds"),
    ],
)
def test_what_cannot_be_compared_says_why(
    records: list[StudyRecord], seeds: int | None, test: str, reason: str
) -> None:
    one, two = records
    finals = {"one": predictions(1, 4, 0.5)}
    if seeds is not None:
        finals["two"] = predictions(2, seeds, 0.5)
    if test:
        two = replace(two, data=replace(two.data, fingerprint=test, test_fingerprint=test))
    assert heads([one, two], finals) == ((), (Apart("one", "two", reason),))


def test_the_page_tells_who_is_shown_to_be_more_accurate(records: list[StudyRecord]) -> None:
    finals = {"one": predictions(1, 5, 0.3), "two": predictions(2, 5, 0.9)}
    page = render_comparison(records, finals, {"one": "one/report.html"})
    assert "one is more accurate than two." in page
    assert '<a href="one/report.html">one</a>' in page
    alike = {"one": predictions(1, 5, 0.5), "two": predictions(2, 5, 0.5)}
    assert "Neither one nor two is shown to be more accurate." in render_comparison(records, alike)
    none = render_comparison(records)
    assert "no two of these studies were confirmed on the same test images." in none


def test_a_study_whose_looks_ended_at_a_clear_answer_is_not_compared(
    records: list[StudyRecord],
) -> None:
    one, two = records
    assert two.confirmation is not None
    look = Opening(
        when="2026-05-04T09:00:00+00:00",
        why="final",
        purpose=Purpose("final", candidate=two.confirmation.winner, seeds=5, look=1, looks=3),
        weights=(),
        fingerprint=two.data.fingerprint,
        chain="0" * 64,
    )
    two = replace(two, confirmation=replace(two.confirmation, openings=(look,)))
    finals = {"one": predictions(1, 4, 0.5), "two": predictions(2, 4, 0.5)}
    reason = "how many seeds two has depends on its results (planned looks)"
    assert heads([one, two], finals) == ((), (Apart("one", "two", reason),))


def test_pairs_that_differ_are_said_first_and_the_rest_is_counted(make_record: MakeRecord) -> None:
    records = [make_record(9, name=f"s{i}", seed=i) for i in range(4)]
    finals = {f"s{i}": predictions(i, 5, 0.5) for i in range(3)}
    finals["s3"] = predictions(3, 5, 0.0)
    page = render_comparison(records, finals)
    said = page.partition("<p>s3 is more accurate than")[2].partition("</p>")[0]
    assert said.count("is more accurate than") == 2
    assert said.endswith("1 more pair below.")


def losses(seed: int, mean: float, measure: MeasureName, n: int = 400) -> WinnerScores:
    """Return what five networks of a mean loss scored, all on rows of one class."""
    rng = np.random.default_rng(seed)
    labels = np.zeros(n, np.int32)
    values = mean + 0.1 * rng.random((5, n))
    return WinnerScores(scores(MEASURES[measure], values < 0.5, labels, values))


def test_studies_of_one_measure_are_compared_by_it_and_the_lower_loss_is_better(
    records: list[StudyRecord],
) -> None:
    records = [replace(record, measure="log_loss") for record in records]
    assert shared_measure(records) == "log_loss"
    finals = {"one": losses(1, 0.2, "log_loss"), "two": losses(2, 0.3, "log_loss")}
    ((head,), _) = heads(records, finals)
    spread = score_difference(finals["one"].scores, finals["two"].scores)
    assert spread.mean > 0.09
    assert head.difference == -spread.mean
    assert (head.interval.low, head.interval.high) == (
        -of_difference(spread, 0.95).high,
        -of_difference(spread, 0.95).low,
    )
    assert head.values[0] < head.values[1]
    assert head.better == "one"
    page = render_comparison(records, finals)
    assert "Whose winner has a lower log loss?" in page
    assert "<p>one has a lower log loss than two.</p>" in page
    assert "tuned on" not in page
    alike = {"one": finals["one"], "two": losses(1, 0.2, "log_loss")}
    said = "Neither one nor two is shown to have a lower log loss."
    assert said in render_comparison(records, alike)


def test_studies_of_different_measures_are_compared_by_accuracy_and_it_is_said(
    records: list[StudyRecord],
) -> None:
    records[1] = replace(records[1], measure="brier_score")
    assert shared_measure(records) == "accuracy"
    finals = {"one": predictions(1, 5, 0.3), "two": predictions(2, 5, 0.9)}
    page = render_comparison(records, finals)
    assert (
        "They were tuned on accuracy and Brier score, so their winners are compared by accuracy."
        in page
    )
    assert "one is more accurate than two." in page
