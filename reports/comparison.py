"""The page that sets several studies side by side."""

from collections.abc import Mapping, Sequence

from reports.blocks import Block, Card, Chart, Charts, NotYet, Section, Sheet
from reports.calibration_words import finding_words
from reports.cards.heads import heads_card
from reports.figures.compare import courses_figure
from reports.figures.distribution import distribution_figure
from reports.fold_words import rows_words
from reports.measure_words import a_value, column_kind, split_title, values_word
from reports.numbers import percent, plural, scalar
from reports.page import assemble, rendered, whole_page
from reports.record import StudyRecord
from reports.tables import Cell, Column, Table
from reports.trial_record import TrialRecord
from reports.trial_words import named_words
from reports.trials import baseline_trial, begun, best_trial, scored, winner_trial
from reports.views.answer import answers
from reports.views.compare import Comparable, comparable_groups
from reports.views.distribution import distribution
from reports.views.heads import WinnerScores
from reports.views.timeline import timeline_view
from search_spaces.domains import domain_text
from search_spaces.measures import MEASURES


def render_comparison(
    records: Sequence[StudyRecord],
    finals: Mapping[str, WinnerScores] | None = None,
    reports: Mapping[str, str] | None = None,
) -> str:
    """Return the page for two or more studies, in the order given.

    `finals` says by study what its confirmed winner scored on test, all by the measure that the
    studies share; `reports` where its own page is, seen from this one.
    """
    names = ", ".join(record.name for record in records)
    parts = (
        Section("The answers", (heads_card(records, finals or {}), _verdicts(records))),
        Section("The searches", (_courses(records),)),
        Section("The best configs and the spaces", (_configs(records), _spaces(records))),
    )
    meta = f"{plural(len(records), 'study', 'studies')} side by side"
    links = rendered("links.html", links=tuple((reports or {}).items()))
    return whole_page(assemble(names, meta, parts, (), links))


def _verdicts(records: Sequence[StudyRecord]) -> Card:
    columns = (
        Column("study"),
        Column("data"),
        Column("answer"),
        Column("against"),
        Column("in words"),
        Column("best on validation", "accuracy"),
        Column("baseline on validation", "accuracy"),
        Column("folds", "count"),
        Column("validation n", "count"),
        Column("complete", "count"),
        Column("trials", "count"),
        Column("seconds", "seconds"),
        Column("study seed"),
    )
    rows = tuple(row for record in records for row in _answer_rows(record))
    return Card(
        "verdicts",
        "Which study beat its baseline?",
        "Validation accuracies are one seed each; only the answers use the test set.",
        (Sheet("verdicts", "Answers of the studies", Table(columns, rows)),),
        (_luck_of_many(len(rows)),),
    )


def _luck_of_many(answers: int) -> str:
    """Say how many answers are compared, and what that means for the best of them."""
    return (
        f"This page compares {plural(answers, 'answer')}. The best of so many is easily best by "
        "luck: an interval holds for its own answer, none for one that was picked afterwards."
    )


def _answer_rows(record: StudyRecord) -> list[tuple[Cell, ...]]:
    best, base = best_trial(record), baseline_trial(record)
    return [
        (
            record.name, record.data.name, answer.word, answer.against, answer.sentence,
            best.accuracy if best else None, base.accuracy if base else None,
            record.folds, record.data.validation_n, len(scored(record)), len(begun(record)),
            timeline_view(record).span, str(record.seed),
        )
        for answer in answers(record)
    ]  # fmt: skip


def _courses(records: Sequence[StudyRecord]) -> Card:
    groups = [g for g in comparable_groups(records) if any(c.by_trial for c in g.courses)]
    blocks: tuple[Block, ...] = tuple(
        Charts(_charts(group, number), "choice") for number, group in enumerate(groups)
    )
    note = (
        "Studies with different data, validation splits or measures have separate figures: their "
        f"{_values(records)} cannot be compared."
    )
    return Card(
        "courses",
        "Which search was faster?",
        "Best so far against trials and against seconds; a lead that luck alone can explain is "
        "no lead.",
        blocks or (NotYet("no study has a complete trial."),),
        (note,) if len(groups) > 1 else (),
    )


def _charts(group: Comparable, number: int) -> tuple[Chart, ...]:
    charts, title = [], MEASURES[group.measure].title
    for against in ("trials", "seconds"):
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (course.name, x, y)
            for course in group.courses
            for x, y in (course.by_trial if against == "trials" else course.by_seconds)
        )
        kind = Column("trial", "count") if against == "trials" else Column("seconds", "seconds")
        on = rows_words(group.n, group.folds)
        best = Column(f"best so far (validation, {on})", column_kind(group.measure))
        charts.append(
            Chart(
                f"courses-{number}-{against}",
                courses_figure(group, against),
                f"Best validation {title} so far against {against}: {group.about}.",
                Table((Column("study"), kind, best), rows),
                f"against {against}",
            )
        )
    return (*charts, *_distributions(group, number))


def _distributions(group: Comparable, number: int) -> tuple[Chart, ...]:
    groups = [(course.name, course.values) for course in group.courses if course.values]
    if not groups:
        return ()
    title = split_title(group.measure, "validation", rows_words(group.n, group.folds))
    rows = tuple(
        (name, value, share) for name, values in groups for value, share in distribution(values)
    )
    kind = column_kind(group.measure)
    columns = (Column("study"), Column(title, kind), Column("share of the trials", "share"))
    return (
        Chart(
            f"courses-{number}-distribution",
            distribution_figure(groups, group.measure, title),
            f"Share of each study's complete trials that reached at most {a_value(group.measure)} "
            f"(empirical distribution): {group.about}.",
            Table(columns, rows),
            f"distribution of {values_word(group.measure)}",
        ),
    )


def _configs(records: Sequence[StudyRecord]) -> Card:
    bests = [winner_trial(record) for record in records]
    names = list(dict.fromkeys(name for best in bests if best for name in best.params))
    columns = (Column("parameter"), *(Column(record.name) for record in records))
    rows: list[tuple[Cell, ...]] = [
        (name, *(scalar(best.config.get(name)) if best else None for best in bests))
        for name in names
    ]
    accuracies = (
        f"{percent(best.accuracy)} ({best.split}, n = {best.n:,})" if best else None
        for best in bests
    )
    # What differs comes first.
    rows.sort(key=lambda row: len(set(row[1:])) == 1)
    rows.append(("accuracy, one seed", *accuracies))
    if any(record.measure != "accuracy" for record in records):
        rows.append(("in the study's measure", *map(_measured, records, bests)))
    calibrated = [_calibrated(record) for record in records]
    if any(calibrated):
        rows.append(("its probabilities", *calibrated))
    return Card(
        "configs",
        "How do the best configs differ?",
        "Each study's confirmed winner, or its best trial where nothing was confirmed; what "
        "differs comes first.",
        (Sheet("configs", "Best configs", Table(columns, tuple(rows))),),
    )


def _measured(record: StudyRecord, best: TrialRecord | None) -> str | None:
    if best is None:
        return None
    return named_words(record.measure, best)


def _calibrated(record: StudyRecord) -> str | None:
    confirmation = record.confirmation
    if confirmation is None or confirmation.calibration is None:
        return None
    return finding_words(confirmation.calibration, record.data.inputs)


def _values(records: Sequence[StudyRecord]) -> str:
    names = {values_word(record.measure) for record in records}
    return names.pop() if len(names) == 1 else "values"


def _spaces(records: Sequence[StudyRecord]) -> Card:
    names = list(dict.fromkeys(p.name for record in records for p in record.space.parameters))
    domains = [{p.name: domain_text(p.domain) for p in r.space.parameters} for r in records]
    fixed = [record.space.fixed for record in records]
    columns = (Column("parameter"), *(Column(record.name) for record in records))
    rows: list[tuple[Cell, ...]] = [("space", *(record.space.name for record in records))]
    rows += [
        (
            name,
            *(
                domain.get(name, f"fixed: {scalar(held[name])}" if name in held else "default")
                for domain, held in zip(domains, fixed, strict=True)
            ),
        )
        for name in names
    ]
    return Card(
        "spaces",
        "What did each study search?",
        "What one study leaves at its default another may have searched.",
        (Sheet("spaces", "Searched parameters of each study", Table(columns, tuple(rows))),),
    )
