"""A study of another measure is shown in its own values, direction and unit."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.comparison import render_comparison
from reports.figures.progress import first_range, progress_figure
from reports.numbers import percent
from reports.page import render_page
from reports.record import StudyRecord
from reports.summary import render_summary
from reports.trial_record import TrialRecord
from reports.trial_rows import trial_row
from reports.trials import best_trial, scored
from reports.views.compare import comparable_groups
from reports.views.cost import cost_view
from reports.views.importance import importance_view
from reports.views.panel import panel_view
from reports.views.parallel import parallel_view
from reports.views.progress import progress_view
from reports.views.stops import stops_view
from reports.views.strip import strip_view

MakeRecord = Callable[..., StudyRecord]


def by_loss(record: StudyRecord) -> StudyRecord:
    """Return the record with 1 - accuracy as its log loss, so that both rank alike."""

    def turned(trial: TrialRecord) -> TrialRecord:
        curve = tuple(
            replace(one, value=None if (a := one.validation_accuracy) is None else 1 - a)
            for one in trial.curve
        )
        value = None if trial.accuracy is None else 1 - trial.accuracy
        return replace(trial, curve=curve, value=value, value_sd=None if value is None else 0.2)

    return replace(record, measure="log_loss", trials=tuple(map(turned, record.trials)))


@pytest.fixture
def both(make_record: MakeRecord) -> tuple[StudyRecord, StudyRecord]:
    """Return one search by accuracy and by log loss."""
    record = make_record(40, answer=None)
    return record, by_loss(record)


def test_views_choose_the_same_trials_whatever_the_direction(
    both: tuple[StudyRecord, StudyRecord],
) -> None:
    record, turned = both
    best = best_trial(record)
    assert best is not None
    assert best_trial(turned) == next(t for t in turned.trials if t.number == best.number)
    for view in (cost_view(record, "seconds"), cost_view(turned, "seconds")):
        fronts = {p.number for p in view.trials if p.front}
        assert fronts == {p.number for p in cost_view(record, "seconds").trials if p.front}
    assert [n for n, _ in progress_view(turned).best] == [n for n, _ in progress_view(record).best]
    assert list(panel_view(turned).curves) == list(panel_view(record).curves)
    paths = [parallel_view(one, ()).groups for one in both]
    numbers = [[[p.number for p in found] for _, found in groups] for groups in paths]
    assert numbers[0] == numbers[1]
    shares = [[row.parameter for row in importance_view(one).rows] for one in both]
    assert shares[0] == shares[1]


def test_values_are_the_measures_own(both: tuple[StudyRecord, StudyRecord]) -> None:
    record, turned = both
    own, theirs = progress_view(turned), progress_view(record)
    assert [p.value for p in own.points] == pytest.approx([1 - p.value for p in theirs.points])
    values = [value for _, value in own.best]
    assert values == sorted(values, reverse=True)
    assert own.luck is not None
    assert own.luck.mean[-1] < own.luck.mean[0]
    assert own.luck.noise.source.startswith("spread of one row's value")
    low, high = first_range(own)
    assert low < min(p.value for p in own.points) < high < max(p.value for p in own.points)
    axis = progress_figure(own, "a title").layout["yaxis"]
    assert axis["hoverformat"] == ".4f"
    best = best_trial(turned)
    assert best is not None
    assert strip_view(turned)[0].mean == best.value
    assert trial_row(best)["value"] == best.value
    assert "value" not in trial_row(record.trials[0])
    audited = [t.value or 0.0 for t in scored(turned) if t.unpruned]
    assert stops_view(turned).audited_best_value == min(audited, default=None)


def test_page_and_summary_say_measure_unit_and_direction_and_the_accuracy_beside_it(
    both: tuple[StudyRecord, StudyRecord],
) -> None:
    record, turned = both
    best = best_trial(turned)
    assert best is not None
    assert best.value is not None
    words = f"{best.value:.4f} nats (accuracy {percent(best.accuracy)})"
    n = f"{record.data.validation_n:,}"
    page = render_page(turned).replace("\N{NO-BREAK SPACE}", " ")
    summary = render_summary(turned, 200)
    assert f"Lowest validation log loss (nats, lower is better, n = {n}): {words}" in page
    assert f"log loss {words}" in summary
    assert "Top trials (log loss validation" in summary
    for text in ("What does log loss cost?", "How is each parameter related to log loss?"):
        assert text in page
        assert text not in render_page(record)
    assert "was lowest after epoch" in page


def test_studies_of_different_measures_have_separate_figures(
    both: tuple[StudyRecord, StudyRecord],
) -> None:
    assert [len(group.courses) for group in comparable_groups(both)] == [1, 1]
    assert [len(group.courses) for group in comparable_groups([both[1], both[1]])] == [2]
    page = render_comparison(both)
    assert "their values cannot be compared." in page
    best = best_trial(both[1])
    assert best is not None
    assert f"log loss {best.value:.4f} nats" in page


def test_the_panel_reads_in_the_page_as_the_view_has_it(
    both: tuple[StudyRecord, StudyRecord],
) -> None:
    view = panel_view(both[1])
    n = f"{both[1].data.validation_n:,}"
    assert view.column == f"validation log loss (nats, lower is better, n = {n})"
    assert (view.title, view.kind, view.is_lower_better) == ("log loss", "number", True)
    assert json.dumps(view.column)[1:-1] in render_page(both[1])
