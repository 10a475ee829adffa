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
from reports.command_lines import quoted
from reports.data_flags import data_file, data_flags
from reports.data_record import DataRecord
from reports.figures.data import balance_figure
from reports.fold_words import splits_and_sizes
from reports.numbers import count, duration, plural, scalar
from reports.png import data_address
from reports.record import StudyRecord
from reports.stopped import NEVER
from reports.tables import Column, Table
from reports.trials import best_trial
from reports.unfinished import going_on, interrupted_words
from reports.weight_words import weights_words
from search_spaces.active import baseline_params, searched_params
from search_spaces.domains import condition_text, domain_text
from search_spaces.shipped import shipped_names

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


def commands(record: StudyRecord) -> tuple[str, ...]:
    """Return the commands that repeat, confirm and take away this study.

    A space or data set that does not come with the product is named by a file: its user's own. What
    was given by a program is repeated by a program.
    """
    name = quoted(record.name)
    others: tuple[str, ...] = (f"confirm {name}", f"show {name} --json", f"export {name}")
    if record.space.network == "own":
        others = (f"show {name} --json", f"report {name}")
    return (_again(record, name), *(f"dense-study {other}" for other in others))


def _again(record: StudyRecord, name: str) -> str:
    if record.candidates == "given":
        name, data = repr(record.name), repr(data_file(record))
        own = "build=build, " if record.space.network == "own" else ""
        folds = "" if own else f"folds={record.folds}, "
        return (
            f"study.verdict_for(candidates, {data}, {own}name={name}, seed={record.seed}, "
            f"{folds}jobs={record.jobs})  # in Python, with the same candidates and baseline"
        )
    space = record.space.name
    space = quoted(space if space in shipped_names() else f"{space}.toml")
    rule = "" if record.stop_when == NEVER else f" --stop-when {quoted(record.stop_when)}"
    return (
        f"dense-study run {space} {data_flags(record)} --trials "
        f"{record.trials_asked} --seed {record.seed} --jobs {record.jobs} --sampler "
        f"{quoted(record.sampler)} --pruner {quoted(record.pruner)} --folds {record.folds} "
        f"--name {name}{rule}"
    )


def next_step(record: StudyRecord) -> str:
    """Return the command that comes next: resume, confirm, or the bundle.

    It is "" where nothing is complete.
    """
    if interrupted_words(record):
        return going_on(record)
    if best_trial(record) is None:
        return ""
    if record.space.network == "own":
        return commands(record)[0] if record.confirmation is None else ""
    _, confirm, _, export = commands(record)
    return confirm if record.confirmation is None else export


def trial_commands(record: StudyRecord) -> tuple[tuple[str, ...], ...]:
    """Return the commands that train a trial's config again, in pieces: its number goes between.

    No command trains a network that a user's own function builds.
    """
    if record.space.network == "own":
        return ()
    export = f"dense-study export {quoted(record.name)} --trial "
    return (
        (export, " --config-format toml --out trial-", ".toml"),
        ("dense-study train trial-", f".toml {data_flags(record)}"),
    )
