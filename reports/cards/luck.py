"""The card on luck: the search's selection bias, and each opening of the test set."""

from reports.blocks import Block, Card, Facts, Fold, NotYet, Sheet
from reports.confirm_command import confirm_command
from reports.fold_words import rows_words
from reports.measure_words import difference_words, value_words
from reports.numbers import percent, plural
from reports.opening import Opening
from reports.record import Interval, Optimism, StudyRecord
from reports.tables import Column, Table
from search_spaces.measures import MEASURES, MeasureName


def luck_card(record: StudyRecord) -> Card:
    """Show the best trial's selection bias, the pair's flips, and the ledger."""
    confirmation = record.confirmation
    if confirmation is None:
        reason = f"nothing has been confirmed: {confirm_command(record)}"
        return _luck((NotYet(reason),))
    rows: list[tuple[str, str]] = []
    if confirmation.optimism is not None:
        rows_said = rows_words(record.data.validation_n, record.folds)
        rows += _optimism(confirmation.optimism, rows_said, record.measure)
    if confirmation.probability is not None:
        chance = _probability(confirmation.probability, confirmation.probability_interval)
        rows.append(
            ("probability that a retrained winner outperforms a retrained baseline", chance)
        )
    inputs = record.data.inputs
    if pair := confirmation.pair:
        grouped = any(one.groups is not None for one in confirmation.comparisons)
        test = f"exact sign test over groups of {inputs}" if grouped else "exact McNemar"
        counts = f"{pair.gained} gained, {pair.lost} lost; {test} p = {pair.p_value:.3g}"
        rows.append((f"the exported pair on the same test {inputs}", counts))
    opened = plural(len(confirmation.openings), "opening")
    chain = (
        "unbroken"
        if confirmation.ledger_intact
        else "BROKEN: it was edited, or lost openings that were noted"
    )
    rows.append(("test set", f"{opened} in the ledger, its chain of hashes {chain}"))
    finding = ""
    if optimism := confirmation.optimism:
        finding = f"{_bias(optimism, record.measure)} "
    finding += f"Test set: {opened}, the ledger is {chain}."
    return _luck((Facts(tuple(rows)), *_ledger(confirmation.openings)), finding)


def _optimism(optimism: Optimism, on_rows: str, measure: MeasureName) -> list[tuple[str, str]]:
    split = f"validation, {on_rows}"
    of = "" if measure == "accuracy" else f"{MEASURES[measure].title} "
    observed, confirmed = (
        f"{of}{value_words(measure, one)}" for one in (optimism.observed, optimism.confirmed)
    )
    rows = [
        ("the search's best, as observed", f"{observed} ({split}, one seed)"),
        (
            "the same config, retrained",
            f"{confirmed} ({split}, mean over new seeds and splits)",
        ),
        (
            "selection bias: the difference",
            _difference(measure, optimism.observed - optimism.confirmed),
        ),
        (
            f"bias to expect from the best of {optimism.configs} equally good configs",
            _difference(measure, optimism.expected_luck),
        ),
    ]
    if optimism.bias is not None and optimism.interval is not None:
        name = "selection bias, without what the splits did to the baseline too"
        rows.insert(3, (name, _with_interval(measure, optimism.bias, optimism.interval)))
    return rows


def _bias(optimism: Optimism, measure: MeasureName) -> str:
    """Say in a sentence by how much the search made its best look better than it is."""
    if optimism.bias is None or optimism.interval is None:
        return f"Selection bias: {_difference(measure, optimism.observed - optimism.confirmed)}."
    return f"Selection bias: {_with_interval(measure, optimism.bias, optimism.interval)}."


def _difference(measure: MeasureName, difference: float) -> str:
    """Write a difference of the measure's own values."""
    return difference_words(measure, MEASURES[measure].oriented(difference))


def _with_interval(measure: MeasureName, difference: float, interval: Interval) -> str:
    low, high = (_difference(measure, end) for end in (interval.low, interval.high))
    ends = f"{low} to {high}".replace(" points to", " to").replace(" nats to", " to")
    return f"{_difference(measure, difference)} ({100 * interval.level:.4g} % interval {ends})"


def _probability(probability: float, interval: Interval | None) -> str:
    estimate = percent(probability, 0)
    if interval is None:
        return estimate
    low, high = 100 * interval.low, 100 * interval.high
    return f"{estimate} ({100 * interval.level:.0f} % interval {low:.0f} to {high:.0f} %)"


def _ledger(openings: tuple[Opening, ...]) -> tuple[Block, ...]:
    if not openings:
        return ()
    columns = (
        Column("when (UTC)"),
        Column("why"),
        Column("networks", "count"),
        Column("chain (first 16 digits)"),
    )
    rows = tuple((o.when, o.why, len(o.weights), o.chain[:16]) for o in openings)
    sheet = Sheet("ledger", "Openings of the test set", Table(columns, rows))
    return (Fold("openings", "The ledger of the test set", (sheet,)),)


def _luck(blocks: tuple[Block, ...], finding: str = "") -> Card:
    return Card(
        "luck",
        "How lucky was the best trial?",
        "The best of many noisy trials looks better than it is; what new seeds confirm counts.",
        blocks,
        finding=finding,
    )
