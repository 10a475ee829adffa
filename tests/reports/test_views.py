"""What figures show, as numbers."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cards.networks import summary_diff
from reports.confirming import Confirming
from reports.data_record import DataRecord
from reports.json_record import record_from_json, record_to_json
from reports.record import StudyRecord
from reports.trial_record import TrialRecord
from reports.trials import (
    baseline_trial,
    best_so_far,
    best_trial,
    counted,
    scored,
    winner_trial,
)
from reports.verdict_words import published_words
from reports.views.answer import answers, tiles
from reports.views.compare import comparable_groups
from reports.views.cost import cost_view, pareto
from reports.views.curves import curves_view
from reports.views.importance import importance_view
from reports.views.pairs import pair_views
from reports.views.parallel import parallel_view
from reports.views.progress import progress_view, published_level
from reports.views.published import incomparable
from reports.views.scale import Scale, brief, log_ticks, scale_of
from reports.views.scoring import scoring_notes
from reports.views.slices import slice_views
from reports.views.stops import stops_view
from reports.views.strip import strip_view
from reports.views.thinning import thin
from reports.views.timeline import timeline_view
from search_spaces.space import Space

MakeRecord = Callable[..., StudyRecord]


@given(
    total=st.integers(0, 400),
    most=st.integers(1, 100),
    must=st.sets(st.integers(0, 399), max_size=40),
)
def test_thinning_keeps_order_and_all_that_must_stay(total: int, most: int, must: set[int]) -> None:
    items = list(range(total))
    kept = thin(items, most, lambda item: item in must)
    held = must & set(items)
    assert kept == sorted(set(kept))
    assert held <= set(kept)
    assert len(kept) <= max(most, len(held))
    assert total > most or kept == items


def test_thinning_takes_an_even_share() -> None:
    assert thin(list(range(100)), 5) == [0, 20, 40, 60, 80]


def test_the_best_so_far_takes_only_complete_trials(make_record: MakeRecord) -> None:
    record = make_record(40)
    steps = best_so_far(counted(record), "accuracy")
    values = [accuracy for _, accuracy in steps]
    assert values == sorted(values)
    best = best_trial(record)
    assert best is not None
    assert steps[-1] == (best.number, best.accuracy)
    assert all(record.trials[number].state == "complete" for number, _ in steps)


def test_equal_trials_are_won_by_the_earlier(make_record: MakeRecord) -> None:
    record = make_record(3, answer=None)
    twins = tuple(replace(t, state="complete", accuracy=0.98) for t in record.trials)
    best = best_trial(replace(record, trials=twins))
    assert best is not None
    assert best.number == 0


def test_lost_trials_do_not_count(make_record: MakeRecord) -> None:
    record = make_record(40)
    lost = [t.number for t in record.trials if t.lost]
    assert lost == [5, 22, 39]
    assert not {t.number for t in counted(record)} & set(lost)
    assert not {p.number for p in progress_view(record).points} & set(lost)


def test_both_baselines_carry_split_n_and_runs(make_record: MakeRecord) -> None:
    view = progress_view(make_record(10))
    assert view.own is not None
    assert view.published is not None
    assert view.own.name == "baseline re-run here (trial 0, validation, n = 10,000)"
    assert view.published.name == "published baseline (test, n = 10,000, 1 run, seed unknown)"
    assert view.published.value == 0.984
    assert view.published.low < 0.984 < view.published.high


def test_trials_that_chose_their_epoch_say_how_they_are_scored(make_record: MakeRecord) -> None:
    record = make_record(6)
    assert scoring_notes(record) == ()
    stopping = [
        replace(trial, config={**trial.config, "patience": 2}, cross_fitted=trial.number > 1)
        for trial in scored(record)
    ]
    fitted = (
        "3 trials with early stopping: scored by cross-fitting, so that no image is scored at an "
        "epoch that it helped to choose."
    )
    older = (
        "1 trial of an older version with early stopping: scored on the images that chose the "
        "epoch, which is higher than it should be."
    )
    assert [len(stopping), sum(one.cross_fitted for one in stopping)] == [5, 3]
    assert scoring_notes(replace(record, trials=tuple(stopping[1:]))) == (
        fitted,
        older,
    )
    assert scoring_notes(replace(record, trials=tuple(stopping[:1]))) == (older,)
    assert scoring_notes(replace(record, trials=tuple(stopping[2:]))) == (fitted,)


def test_a_number_published_for_other_data_is_never_drawn(
    make_record: MakeRecord, digits: DataRecord
) -> None:
    record = make_record(10, data=digits)
    assert published_level(record) is None
    assert [row.kind for row in strip_view(record)] == ["winner", "baseline", "other"]
    assert incomparable(record) == (
        "The published 98.40 % was measured on mnist; this study's data is digits, so the two "
        "cannot be compared."
    )
    assert [t.about for t in tiles(record) if t.name == "published baseline"] == [
        "not comparable: mnist test, n = 10,000, 1 run, seed unknown"
    ]


def test_luck_grows_with_the_trials_and_starts_at_the_baseline(make_record: MakeRecord) -> None:
    view = progress_view(make_record(60))
    assert view.luck is not None
    assert view.own is not None
    assert view.luck.trials[0] == 1
    assert view.luck.mean[0] == pytest.approx(view.own.value)
    assert list(view.luck.mean) == sorted(view.luck.mean)
    assert list(view.luck.edge) == sorted(view.luck.edge)
    bands = list(zip(view.luck.mean, view.luck.edge, strict=True))
    assert bands[0] == (view.own.value, view.own.value)
    assert all(mean < high for mean, high in bands[1:])


def test_the_drawn_band_of_the_published_number_is_the_interval_of_the_sentence(
    make_record: MakeRecord,
) -> None:
    record = make_record(10)
    level = published_level(record)
    (row,) = (row for row in strip_view(record) if row.kind == "published")
    published = record.space.baseline.published
    assert level is not None
    assert published is not None
    assert (row.low, row.high) == (level.low, level.high)
    words = f"{100 * level.low:.2f} % to {100 * level.high:.2f} %"
    assert words in published_words(published)


@pytest.mark.slow
def test_ten_thousand_trials_are_thinned_and_every_new_best_stays(make_record: MakeRecord) -> None:
    view = progress_view(make_record(10_000, answer=None))
    assert len(view.points) == 2000
    assert view.left_out + 2000 == sum(1 for n in range(10_000) if n % 17 != 5 or n % 11 == 7)
    shown = {p.number for p in view.points}
    assert {number for number, _ in view.best} <= shown


def test_without_confirmation_the_answer_is_cant_tell_and_says_how_to_settle_it(
    make_record: MakeRecord,
) -> None:
    record = make_record(40, answer=None)
    (answer,) = answers(record)
    assert answer.word == "CAN'T TELL"
    assert answer.sentence == (
        "Trial 38 is ahead by +0.89 points on validation (98.04 % against 97.15 %, n = 10,000, "
        "one seed each), but the best of 25 trials always looks better than it is, and nothing "
        "has been confirmed."
    )
    assert answer.more == (
        (
            "Luck alone would put the best of 25 equally good trials +0.33 points ahead (noise "
            "0.17 points; binomial, n = 10,000 on validation; seed noise is not included)."
        ),
        "What would settle it: dense-study confirm mnist-four",
    )


@pytest.mark.parametrize(
    ("confirming", "words"),
    [
        (Confirming(7, 22), "A confirmation has begun: 7 of at most 22 trainings are done."),
        (Confirming(7, None), "A confirmation has begun: 7 trainings are done."),
    ],
)
def test_a_confirmation_under_way_says_how_far_it_is(
    make_record: MakeRecord, confirming: Confirming, words: str
) -> None:
    record = replace(make_record(40, answer=None), confirming=confirming)
    (answer,) = answers(record)
    assert answer.more[-2:] == (words, "What would settle it: dense-study confirm mnist-four")
    assert record_from_json(record_to_json(record)) == record


def test_a_search_that_never_passed_the_baseline_says_so(make_record: MakeRecord) -> None:
    record = make_record(1, answer=None)
    assert answers(record)[0].sentence == (
        "No trial is ahead of the baseline's 97.15 % on validation (n = 10,000, seed 1000), "
        "and nothing has been confirmed."
    )


def test_without_the_baselines_own_trial_the_answer_is_cant_tell(make_record: MakeRecord) -> None:
    record = make_record(10, answer=None)
    record = replace(record, trials=record.trials[1:])
    assert baseline_trial(record) is None
    assert answers(record)[0].sentence.endswith("but the baseline's own trial is not complete.")


def test_confirmed_answers_come_baseline_first(make_record: MakeRecord) -> None:
    found = answers(make_record(20))
    assert [(a.word, a.against) for a in found] == [
        ("BEATS", "against the baseline, re-run here"),
        ("CAN'T TELL", "against the published number"),
    ]
    assert found[0].sentence.startswith("The tuned network beats")
    assert found[1].more == (
        "Why: the published number is one run with an unknown seed.",
        "What would settle it: no number of our own seeds: the published run must be repeated.",
    )


def test_the_strip_shows_every_seed_of_the_final(make_record: MakeRecord) -> None:
    rows = strip_view(make_record(20))
    assert [(r.kind, len(r.runs), r.split, r.n) for r in rows] == [
        ("winner", 5, "test", 10_000),
        ("baseline", 5, "test", 10_000),
        ("other", 5, "test", 10_000),
        ("published", 1, "test", 10_000),
    ]
    assert rows[-1].runs[0].seed is None


def test_curves_mark_best_and_baseline_and_are_thinned(make_record: MakeRecord) -> None:
    view = curves_view(make_record(500))
    assert len(view.curves) == 120
    assert [c.number for c in view.curves if c.role == "baseline"] == [0]
    best = winner_trial(make_record(500))
    assert best is not None
    assert [c.number for c in view.curves if c.role == "best"] == [best.number]


def test_importance_finds_the_parameter_that_decides_and_repeats(make_record: MakeRecord) -> None:
    record = make_record(60)
    view = importance_view(record)
    assert view == importance_view(record)
    assert view.rows[0].parameter == "width"
    assert sum(row.share for row in view.rows) == pytest.approx(1.0)
    assert all(row.low <= row.share <= row.high for row in view.rows)
    assert not view.few


def test_importance_of_few_trials_is_unstable_and_of_fewer_is_not_given(
    make_record: MakeRecord,
) -> None:
    few = importance_view(make_record(15, answer=None))
    assert few.few
    assert all(row.unstable for row in few.rows)
    assert importance_view(make_record(2, answer=None)).rows == ()


def test_slices_leave_out_trials_in_which_a_parameter_was_not_active(
    make_record: MakeRecord, conditional: Space
) -> None:
    record = make_record(60, space=conditional, answer=None)
    momentum = next(v for v in slice_views(record) if v.scale.name == "momentum")
    with_it = {t.number for t in record.trials if "momentum" in t.params and t.accuracy}
    assert {d.number for d in momentum.dots} == with_it
    assert with_it
    assert momentum.baseline is None


def test_pairs_begin_with_the_two_most_important(make_record: MakeRecord) -> None:
    pairs = pair_views(make_record(60), ("epochs", "dropout"))
    assert (pairs[0].x.name, pairs[0].y.name) == ("epochs", "dropout")
    assert len(pairs) == 6


def test_a_cell_far_from_every_trial_stays_empty(make_record: MakeRecord) -> None:
    record = make_record(6, answer=None)
    pair = pair_views(record, ("width", "dropout"))[0]
    cells = [cell for row in pair.grid for cell in row]
    assert None in cells
    filled = [cell for cell in cells if cell is not None]
    values = [s.value for s in pair.spots]
    assert min(values) <= min(filled) <= max(filled) <= max(values)


def test_parallel_groups_split_the_trials_by_rank(make_record: MakeRecord) -> None:
    view = parallel_view(make_record(60), ())
    assert [(name, len(paths)) for name, paths in view.groups] == [
        ("best 10 %", 3),
        ("10 to 25 %", 6),
        ("25 to 50 %", 9),
        ("rest", 18),
    ]
    assert view.baseline is not None


def test_parallel_coordinates_keep_the_baseline_among_many_trials(make_record: MakeRecord) -> None:
    view = parallel_view(make_record(900), ())
    assert view.left_out > 0
    assert view.baseline is not None


@pytest.mark.parametrize(
    ("points", "front"),
    [
        ([], []),
        ([(1.0, 0.9)], [True]),
        ([(1.0, 0.9), (2.0, 0.9)], [True, False]),
        ([(1.0, 0.9), (2.0, 0.95), (3.0, 0.94)], [True, True, False]),
        ([(2.0, 0.95), (2.0, 0.96), (1.0, 0.5)], [False, True, True]),
    ],
)
def test_the_front_holds_what_no_cheaper_one_beats(
    points: list[tuple[float, float]], front: list[bool]
) -> None:
    assert pareto(points) == front


def test_the_front_is_never_thinned(make_record: MakeRecord) -> None:
    record = make_record(4000, answer=None)
    view = cost_view(record, "seconds")
    costs = [(t.seconds or 0.0, t.accuracy) for t in record.trials if t.accuracy is not None]
    assert view.left_out > 0
    assert sum(p.front for p in view.trials) == sum(pareto(costs))  # type: ignore[arg-type]


def test_the_timeline_is_measured_from_the_first_start(make_record: MakeRecord) -> None:
    record = make_record(2, answer=None)
    first, second = (replace(t, worker="w") for t in record.trials)
    first = replace(first, started="2026-01-01T00:00:10+00:00", ended="2026-01-01T00:00:20+00:00")
    second = replace(second, started="2026-01-01T00:00:40", ended="2026-01-01T00:00:50")
    view = timeline_view(replace(record, trials=(second, first), jobs=1))
    assert [(b.number, b.start, b.seconds) for b in view.bars] == [(0, 0.0, 10.0), (1, 30.0, 10.0)]
    assert (view.span, view.busy) == (40.0, 0.5)


def test_the_account_of_pruning(make_record: MakeRecord) -> None:
    record = make_record(40)
    view = stops_view(record)
    pruned = [t for t in record.trials if t.state == "pruned"]
    assert (view.pruned, view.lost, len(view.stops)) == (len(pruned), 3, 15)
    assert view.saved_epochs == sum(int(t.config["epochs"]) - len(t.curve) for t in pruned)
    assert view.saved_seconds == pytest.approx(2.8 * view.saved_epochs)
    assert view.audited == sum(t.unpruned for t in record.trials)


def test_a_retry_is_named_beside_what_it_repeats(make_record: MakeRecord) -> None:
    record = make_record(6, answer=None)
    again = replace(record.trials[1], number=6, retry_of=5)
    view = stops_view(replace(record, trials=(*record.trials, again)))
    assert [(s.number, s.state, s.retried_by) for s in view.stops] == [(5, "lost", 6)]


def test_scales_place_values_between_their_ends(conditional: Space) -> None:
    scales = {p.name: scale_of(p) for p in conditional.parameters}
    assert scales["width"].place(64) == 0.0
    assert scales["width"].place(2048) == pytest.approx(1.0)
    assert scales["width"].value(0.5) == pytest.approx((64 * 2048) ** 0.5)
    assert scales["batch_size"].place(32) == pytest.approx(0.1)
    assert scales["batch_size"].place(33) is None
    assert scales["dropout"].place("much") is None
    assert scales["nesterov"].place(True) == 0.75
    assert scales["nesterov"].place(1) is None


def test_log_ticks_are_round() -> None:
    assert log_ticks(64, 2048) == (100, 200, 500, 1000, 2000)
    assert log_ticks(1e-5, 1e-1) == (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
    assert [brief(v) for v in (0.001, 500, 20_000, 2e6)] == ["0.001", "500", "20k", "2M"]


def test_a_scale_of_one_value_has_one_tick() -> None:
    assert Scale("x", False, 3.0, 3.0).ticks() == ((0.5, "3"),)
    assert Scale("x", False, 3.0, 3.0).place(3) == 0.5


def test_a_summary_diff_marks_each_side() -> None:
    assert summary_diff("a\nb\nc", "a\nB\nc") == (
        (" ", "a"),
        ("-", "b"),
        ("+", "B"),
        (" ", "c"),
    )


def test_studies_with_other_data_or_splits_are_kept_apart(make_record: MakeRecord) -> None:
    one, two = make_record(5, name="one"), make_record(8, name="two", seed=3)
    apart = make_record(5, name="apart", split_seed=99)
    groups = comparable_groups([one, apart, two])
    assert [[c.name for c in g.courses] for g in groups] == [["one", "two"], ["apart"]]


def test_a_course_over_seconds_follows_the_clock_not_the_numbers(make_record: MakeRecord) -> None:
    record = make_record(2, answer=None)

    def done(trial: TrialRecord, accuracy: float, second: int) -> TrialRecord:
        return replace(
            trial,
            state="complete",
            accuracy=accuracy,
            started="2026-01-01T00:00:00+00:00",
            ended=f"2026-01-01T00:00:{second:02d}+00:00",
        )

    trials = (done(record.trials[0], 0.97, 40), done(record.trials[1], 0.98, 20))
    course = comparable_groups([replace(record, trials=trials)])[0].courses[0]
    assert course.by_trial == ((0, 0.97), (1, 0.98))
    assert course.by_seconds == ((20.0, 0.98),)
