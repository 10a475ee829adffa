"""Cards on the networks themselves: config, summaries, confusion, flips."""

import difflib

import tomli_w

from reports.blocks import (
    Block,
    Card,
    Chart,
    Charts,
    Commands,
    Diff,
    Facts,
    Fold,
    Gallery,
    NotYet,
    Picture,
    Sheet,
)
from reports.figures.confirmed import confusion_figure
from reports.fold_words import rows_of
from reports.measure_words import value_words
from reports.numbers import InputsWord, count, percent, plural, scalar
from reports.png import data_address
from reports.record import Flip, StudyRecord
from reports.study_commands import next_step
from reports.tables import Cell, Column, Table
from reports.trial_record import TrialRecord
from reports.trials import BASELINE, baseline_trial, reached, trial_name, winner_trial
from reports.views.confirmed import confusion_view
from search_spaces.measures import MEASURES
from search_spaces.parameters import Params

FLIPS = 24


def config_card(record: StudyRecord) -> Card:
    """Show the best config beside the baseline's."""
    best, base = winner_trial(record), baseline_trial(record)
    if best is None:
        blocks: tuple[Block, ...] = (NotYet("no trial is complete."),)
        return _config(blocks, "the best trial")
    other = base.config if base else {}
    searched = [p.name for p in record.space.parameters]
    names = [*searched, *(n for n in best.config if n not in searched and n not in best.params)]
    rows: list[tuple[Cell, ...]] = [
        (name, scalar(other.get(name)), scalar(best.config.get(name, best.params.get(name))))
        for name in names
        if name in searched or other.get(name) != best.config.get(name)
    ]
    rows += [
        ("parameters", count(base.parameter_count if base else None),
         count(best.parameter_count)),
        ("epochs trained", str(len(base.curve)) if base else "–", str(len(best.curve))),
        ("seed", str(base.seed) if base else "–", str(best.seed)),
        (f"{best.split} accuracy ({rows_of(best)}, one seed each)",
         percent(base.accuracy if base else None), percent(best.accuracy)),
    ]  # fmt: skip
    if record.measure != "accuracy":
        title = MEASURES[record.measure].title
        values = [
            value_words(record.measure, reached(one) if one else None) for one in (base, best)
        ]
        rows.append((f"{best.split} {title} ({rows_of(best)}, one seed each)", *values))
    name = trial_name(best)
    table = Table((Column("parameter"), Column("baseline"), Column(name)), tuple(rows))
    sheet = Sheet("config", "Best config beside the baseline's", table)
    return _config((sheet, *_taken_away(record, best)), name)


def _taken_away(record: StudyRecord, best: TrialRecord) -> tuple[Block, ...]:
    name, config = trial_name(best), dict(best.config)
    if record.space.network == "own":
        why = "none: a function of its user's builds these networks, and it is not kept"
        return (Facts((("bundle", why),)), *_as_dict(name, config))
    confirmed = record.confirmation is not None
    label = "Next: the bundle" if confirmed else "Next: confirm it with new seeds"
    step = Commands(label, (next_step(record),), "next")
    if not config:
        return (step,)
    toml = Commands(f"{name} as TOML", tuple(tomli_w.dumps(config).splitlines()), "toml")
    return (step, Fold("as-toml", "The whole config as TOML", (toml,)), *_as_dict(name, config))


def _as_dict(name: str, config: Params) -> tuple[Block, ...]:
    lines = ("{", *(f"    {key!r}: {value!r}," for key, value in config.items()), "}")
    return (Fold("as-dict", "The whole config as a Python dict", (Commands(name, lines, "dict"),)),)


def _config(blocks: tuple[Block, ...], name: str) -> Card:
    return Card(
        "config",
        "What does the best config change?",
        f"The searched parameters, and whatever else differs between the baseline and {name}.",
        blocks,
    )


def summaries_card(record: StudyRecord) -> Card:
    """Show Keras's model summaries as a difference."""
    before = record.summaries.get(BASELINE)
    best = winner_trial(record)
    names = [name for name in record.summaries if name != BASELINE]
    if best and trial_name(best) in names:
        names = [trial_name(best)]
    if before is None or not names:
        reason = "the baseline's and the best config's model summaries are written at the end."
        blocks: tuple[Block, ...] = (NotYet(reason),)
        return _summaries(blocks)
    lines = summary_diff(before, record.summaries[names[0]])
    return _summaries((Diff(f"Model summaries: baseline (-) and {names[0]} (+)", lines),))


def summary_diff(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return the lines of both texts with "-" where only before, "+" where only after has them."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return tuple((line[0], line[2:]) for line in lines if line[0] in "-+ ")


def _summaries(blocks: tuple[Block, ...]) -> Card:
    return Card(
        "summaries",
        "How do the two networks differ?",
        "Keras's own model summary: lines marked − are the baseline's, + the winner's.",
        blocks,
    )


def confusion_card(record: StudyRecord) -> Card:
    """Show which classes the winner takes for which."""
    view = confusion_view(record.confirmation, record.data.classes) if record.confirmation else None
    if view is None:
        blocks: tuple[Block, ...] = (NotYet("the test set has not been opened."),)
        return _confusion(blocks)
    columns = (Column("true class"), Column("predicted"), Column(record.data.inputs, "count"))
    rows = tuple(
        (view.classes[i], view.classes[j], number)
        for i, row in enumerate(view.counts)
        for j, number in enumerate(row)
    )
    worst = ", ".join(f"{a} taken for {b} ({k})" for a, b, k in view.worst[:3])
    size = f"Test {record.data.inputs} (n = {view.n:,})"
    caption = f"{size} by true and predicted class. Most frequent: {worst}."
    chart = Chart("confusion", confusion_figure(view), caption, Table(columns, rows))
    return _confusion((Charts((chart,)),), f"Most frequent: {worst}." if worst else "No mistake.")


def _confusion(blocks: tuple[Block, ...], finding: str = "") -> Card:
    return Card(
        "confusion",
        "Which classes does the winner confuse?",
        "Only mistakes have a colour; the diagonal counts the correct predictions.",
        blocks,
        finding=finding,
    )


def flips_card(record: StudyRecord) -> Card:
    """Show the test images that winner and baseline judge differently."""
    flips = record.confirmation.flips if record.confirmation else ()
    inputs = record.data.inputs
    if not flips:
        reason = f"the test set has not been opened, or both networks err on the same {inputs}."
        return _flips(inputs, (NotYet(reason),), ())
    gained = [f for f in flips if f.winner == f.sample.label]
    lost = [f for f in flips if f.winner != f.sample.label]
    blocks = tuple(
        Gallery(f"{title} ({plural(len(group), 'image')} kept)", pictures)
        for title, group in (("Gained by the winner", gained), ("Lost by the winner", lost))
        if (pictures := _pictures(group))
    )
    columns = (
        Column(f"test {inputs.removesuffix('s')}", "count"),
        Column("true class"),
        Column("baseline"),
        Column("winner"),
    )
    rows = tuple((f.index, f.sample.label, f.baseline, f.winner) for f in flips)
    sheet = Sheet(
        "flips", f"Test {inputs} that exactly one network got right", Table(columns, rows)
    )
    hidden = max(0, len(gained) - FLIPS) + max(0, len(lost) - FLIPS)
    note = f"{plural(hidden, 'more image')} in the table only."
    fold = Fold("table", f"These {inputs} as a table", (sheet,))
    pair = record.confirmation.pair if record.confirmation else None
    finding = f"{pair.gained:,} {inputs} gained, {pair.lost:,} lost." if pair else ""
    return _flips(inputs, (*blocks, fold), (note,) if hidden else (), finding)


def _pictures(flips: list[Flip]) -> tuple[Picture, ...]:
    pictures = []
    for flip in flips[:FLIPS]:
        source = data_address(flip.sample)
        if source is not None:
            caption = f"is {flip.sample.label}; baseline {flip.baseline}, winner {flip.winner}"
            rows = flip.sample.rows
            pictures.append(Picture(source, caption, len(rows[0]), len(rows)))
    return tuple(pictures)


def _flips(
    inputs: InputsWord, blocks: tuple[Block, ...], notes: tuple[str, ...], finding: str = ""
) -> Card:
    return Card(
        "flips",
        f"Which {inputs} did the winner gain and lose?",
        f"With a real gain, more {inputs} are gained than lost; the lost ones are of many kinds.",
        blocks,
        notes,
        finding,
    )
