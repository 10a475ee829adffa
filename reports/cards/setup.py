"""Cards on what went in: the data, the search space, and how to do it again."""

from collections.abc import Iterator

from reports.blocks import (
    Block,
    Card,
    Chart,
    Charts,
    Commands,
    Facts,
    Fold,
    Gallery,
    Picture,
    Sheet,
)
from reports.data_record import DataRecord
from reports.figures.data import balance_figure
from reports.fold_words import splits_and_sizes
from reports.numbers import count, duration, plural, scalar
from reports.png import data_address
from reports.record import StudyRecord
from reports.stopped import NEVER
from reports.study_commands import commands
from reports.tables import Column, Table
from reports.weight_words import weights_words
from search_spaces.active import baseline_params, searched_params
from search_spaces.domains import condition_text, domain_text

SAMPLES = 40
_REPEATS = {
    "dense": "The same seed, data, space and versions repeat the study; with one job, bit for bit.",
    "own": "The same function, seed, data and versions repeat it, as far as the function does.",
}


def data_card(record: StudyRecord) -> Card:
    """Show samples and class balance; the test split is not looked into."""
    data = record.data
    blocks: list[Block] = []
    unit = data.inputs
    pictures = _samples(record)
    if pictures:
        blocks.append(Gallery(f"{plural(len(pictures), 'training image')}", pictures))
    if data.class_counts:
        table = Table(
            (Column("class"), Column(f"training and validation {unit}", "count")),
            tuple(zip(data.classes, data.class_counts, strict=False)),
        )
        caption = (
            f"{unit.capitalize()} of each class in training and validation together "
            f"(n = {sum(data.class_counts):,})."
        )
        blocks.append(Charts((Chart("balance", balance_figure(data), caption, table),)))
    splits, sizes = splits_and_sizes(record)
    is_own = record.space.network == "own"
    weights = weights_words(data)
    blocks.append(
        Facts(
            (
                ("data", data.name),
                (splits, sizes),
                *((("rows", weights),) if weights else ()),
                ("each", _each(data, is_own=is_own)),
            )
        )
    )
    blocks.extend(_columns(data))
    blocks.append(Fold("hash", "Fingerprint", (Facts((("SHA-256", data.fingerprint),)),)))
    return Card(
        "data",
        "What does the data look like?",
        f"Look for uneven classes and odd {'columns' if data.columns else 'images'} before you "
        "trust any number.",
        tuple(blocks),
        finding=f"{data.name}: {splits}: {sizes} of "
        f"{plural(len(data.classes), 'class', 'classes')}.",
    )


def _each(data: DataRecord, *, is_own: bool) -> str:
    if data.columns:
        return plural(len(data.columns), "column")
    shape = " x ".join(map(str, data.image_shape)) or f"{data.features} features"
    return shape if is_own else f"{shape}, flattened to {data.features} inputs"


def _columns(data: DataRecord) -> Iterator[Block]:
    """List a table's columns, and say what becomes of them."""
    if not data.columns:
        return
    columns = (Column("column"), Column("type"), Column("missing", "count"), Column("holds"))
    rows = tuple((one.name, one.kind, one.missing, one.holds) for one in data.columns)
    yield Sheet("columns", "Columns, by training and validation rows", Table(columns, rows))
    yield Facts(
        (
            ("numbers", "scaled; a missing one is the median, and a second feature says so"),
            ("categories", "a feature for each level, one for rare and unknown levels together"),
            ("fitted", "for each training anew, on the rows that it learns from alone"),
        )
    )


def _samples(record: StudyRecord) -> tuple[Picture, ...]:
    pictures = []
    for sample in record.data.samples[:SAMPLES]:
        source = data_address(sample)
        if source is not None:
            pictures.append(Picture(source, sample.label, len(sample.rows[0]), len(sample.rows)))
    return tuple(pictures)


def space_card(record: StudyRecord) -> Card:
    """Show what was searched, and within which limits."""
    base = searched_params(record.space, baseline_params(record.space))
    columns = (Column("parameter"), Column("values"), Column("scale"), Column("only where"),
               Column("baseline"))  # fmt: skip
    rows = tuple(
        (
            p.name,
            domain_text(p.domain),
            "log" if getattr(p.domain, "log", False) else "",
            ", ".join(f"{name}: {condition_text(c)}" for name, c in p.when.items()),
            scalar(base.get(p.name)),
        )
        for p in record.space.parameters
    )
    blocks: list[Block] = [Sheet("space", "Searched parameters", Table(columns, rows))]
    if record.space.fixed:
        fixed = tuple((name, scalar(value)) for name, value in record.space.fixed.items())
        blocks.append(Facts(fixed))
    return Card(
        "space",
        "What was searched?" if record.candidates == "searched" else "What was tried?",
        record.space.about or "The searched parameters and their limits.",
        tuple(blocks),
        finding=", ".join(p.name for p in record.space.parameters[:8])
        + (" …" if len(record.space.parameters) > 8 else "."),
    )


def repeat_card(record: StudyRecord) -> Card:
    """Show everything needed to do the study again."""
    facts = (
        ("study seed", str(record.seed)),
        *((("folds", str(record.folds)),) if record.folds > 1 else ()),
        ("folds' seed" if record.folds > 1 else "validation split's seed", str(record.split_seed)),
        _chosen(record),
        ("workers", str(record.jobs)),
        ("trials asked for", count(record.trials_asked)),
        *((("rule to end early", record.stop_when),) if record.stop_when != NEVER else ()),
        *((("budget", _budget(record)),) if record.budget_seconds else ()),
    )
    details = (
        ("data fingerprint", record.data.fingerprint),
        ("search space fingerprint", record.space_fingerprint),
        ("machine", record.machine),
        *((f"version of {name}", version) for name, version in sorted(record.versions.items())),
    )
    return Card(
        "repeat",
        "How can this be repeated?",
        _REPEATS[record.space.network],
        (
            Commands("Commands", commands(record)),
            Facts(facts),
            Fold("versions", "Fingerprints, machine and versions", (Facts(details),)),
        ),
        finding=f"Study seed {record.seed}, {plural(record.jobs, 'job')}; commands to copy.",
    )


def _budget(record: StudyRecord) -> str:
    return (
        f"{duration(record.budget_seconds)}: how many trials and seeds fit is not repeatable, the "
        "trials themselves are; the command asks for as many as there were"
    )


def _chosen(record: StudyRecord) -> tuple[str, str]:
    if record.candidates == "given":
        return "candidates", "given, best first; nothing was searched"
    return "sampler, pruner", f"{record.sampler}, {record.pruner}"
