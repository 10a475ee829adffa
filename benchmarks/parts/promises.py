"""The table of where answers were once false: what an audit of 0.1.0 saw, and what is seen now."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from parts.ablations import ablations
from parts.answers import Result, run_cases
from parts.divergence import divergences
from parts.families import families
from parts.forecasts import forecasts
from parts.grouped_worlds import grouped_worlds
from parts.harsh_worlds import harsh_worlds
from parts.luck_bands import luck_bands

from reports.statistics.luck import expected_maximum


@dataclass(frozen=True)
class Row:
    """A place, what was seen there, what is seen now, and what is promised ("" for nothing)."""

    where: str
    before: str
    now: str
    promised: str = "at most 3.0"


def promises(answers: int) -> list[str]:
    """Simulate everything but whole studies, print it and the table; return what is broken."""
    results = run_cases((*harsh_worlds(), *grouped_worlds()), answers)
    broken = [f"{one.case.name}: {what}" for one in results for what in one.faults()]
    rows: list[Row] = []
    for more, found in (
        _of_families(answers),
        (_of_answers(results), []),
        _of_trainings(answers),
        _of_ablations(answers),
        _of_luck(answers),
    ):
        rows += more
        broken += found
    _print(rows, answers)
    return broken


def _print(rows: Sequence[Row], answers: int) -> None:
    print(f"\n{answers} answers and more a row, no true gain: per cent of false BEATS in a first")
    print("opening, the worst of the cases that a row stands for, or what the row names")
    cells = [("where", "audit of 0.1.0", "now", "promised")]
    cells += [(row.where, row.before, row.now, row.promised or "nothing") for row in rows]
    sizes = [max(len(cell[column]) for cell in cells) for column in range(4)]
    for cell in cells:
        print(
            "| "
            + " | ".join(text.ljust(size) for text, size in zip(cell, sizes, strict=True))
            + " |"
        )


def _of_answers(results: Sequence[Result]) -> list[Row]:
    def worst(*starts: str) -> str:
        found = [
            100 * one.first.above / one.answers
            for one in results
            if one.case.name.startswith(starts)
        ]
        return f"{max(found):.1f}"

    tiny = [one for one in results if one.case.name.startswith("equal, ")]
    flat = max(100 * one.now.no_width / one.answers for one in tiny)
    published = (
        ("n = 10,000", "published 98.2 %", "fine"),
        ("n = 360 at 98.4 %", "published 98.4 %, n = 360", "4 to 6"),
        ("n = 360 at 99.5 %", "published 99.5 %, n = 360", "11 to 13"),
        ("n = 1,000 at 99.9 %", "published 99.9 %", "14 to 18"),
        ("n = 60 at 98.4 %", "published 98.4 %, n = 60", "19 to 24"),
    )
    noisy = [
        ("two", "seeds alone, sds", "winner's seeds louder", "4.9", 2),
        ("three", "seeds alone, sds", "winner's seeds louder", "3.4", 3),
    ]
    rows = [
        Row(f"published number equal to the accuracy, {where}", before, worst(start))
        for where, start, before in published
    ]
    rows += [
        Row(
            f"{word} seeds each, one config much noisier",
            before,
            worst(
                *(f"{alone} 1:{ratio}, {seeds}" for ratio in (1, 5, 10)),
                f"{louder}, n = 3000, {seeds}",
            ),
        )
        for word, alone, louder, before, seeds in noisy
    ]
    rows.append(Row("three seeds, one config skewed", "", worst("one skewed side"), ""))
    rows.append(Row("tiny n, equal configs: intervals of no width", "up to 3", f"{flat:.1f}", "0"))
    rows.append(Row("tiny n, equal configs", "", worst("equal, 0.0")))
    for size, before in ((2, "4.0"), (5, "8"), (20, "20")):
        where = f"near copies in groups of {size}"
        rows.append(Row(f"{where}, given", before, worst(f"{size} copies, n", f"{size} copies, p")))
        rows.append(Row(f"{where}, found", before, worst(f"{size} copies, found")))
    rows.append(Row("near copies in groups of mixed sizes, given", "", worst("mixed copies")))
    return rows


def _of_families(answers: int) -> tuple[list[Row], list[str]]:
    found, broken = families(answers)
    by_number = {one.openings: one for one in found}
    seen = {10: ("3.8 to 5.4", "18 to 22"), 30: ("4.8 to 6.3", "39 to 53")}
    rows = []
    for number, (again, others) in seen.items():
        now = f"{by_number[number].now:.1f}"
        rows.append(Row(f"{number} openings by one study, any BEATS", again, now))
        rows.append(Row(f"{number} studies of one test split, any BEATS", others, now))
    return rows, broken


def _of_trainings(answers: int) -> tuple[list[Row], list[str]]:
    diverged, broken = divergences(answers)
    seeds = "/".join(str(one.seeds) for one in diverged)
    rows = [
        Row(
            f"one training of ten diverges, none seen in {seeds} seeds",
            "72/60/35",
            "/".join(f"{one.unseen:.0f}" for one in diverged),
            "",
        ),
        Row(
            "the same: the share that could diverge, beside the answer, is too low",
            "not stated",
            f"{max(one.limit_too_low for one in diverged):.1f}",
            "at most 5.0",
        ),
    ]
    forecast, more = forecasts(answers)
    rows.append(
        Row(
            "questions settled by the seeds forecast with probability 80 %",
            "59 to 78",
            f"{forecast.settled:.0f}",
            "at least 70",
        )
    )
    return rows, broken + more


def _of_ablations(answers: int) -> tuple[list[Row], list[str]]:
    gains, broken = ablations(answers)
    seen = {4: "5.5 to 7", 8: "9 to 12", 15: "11 to 16"}
    rows = [
        Row(
            f"ablation of {changes} changes of no effect: a step gains",
            before,
            _most(gains[changes]),
        )
        for changes, before in seen.items()
    ]
    return rows, broken


def _of_luck(answers: int) -> tuple[list[Row], list[str]]:
    shares, broken = luck_bands(answers)
    exact = 1 / math.sqrt(math.pi)
    error = abs(expected_maximum(2) / exact - 1)
    if error > 1e-9:
        broken = [*broken, "the expected best of two is not exact"]
    rows = [
        Row(
            "searches among equals that leave the luck band",
            "16 to 23",
            _most(shares),
            "5.0 within noise",
        ),
        Row("noise too small with two configs", "4.3", f"{100 * error:.1f}", "0"),
    ]
    return rows, broken


def _most(shares: Sequence[float]) -> str:
    return f"{max(shares):.1f}"
