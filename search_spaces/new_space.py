"""A commented TOML space for a data set: what the data is, and where each range comes from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search_spaces.data_source import DataSource
from search_spaces.faults import cut
from search_spaces.space import Baseline, Space
from search_spaces.suggested import Shape, Suggestion, classic_network, suggested
from search_spaces.write import write_space

_LONGEST_LINE = 110
_LONGEST_NAME = 64
_MOST_LISTED = 30
_PUBLISHED = """\
# A published number to compare with as well: take the signs away, and put the number in.
# It is for the test split of the data above, unless data, split and n say otherwise.
# [baseline.published]
# accuracy = 0.984
# source = "where it was published"
"""


@dataclass(frozen=True)
class DataFacts:
    """What a new space says of its data.

    `classes` are names with their training rows, `columns` the name of each of a table's columns
    and what it holds.
    """

    name: str
    source: DataSource
    shape: Shape
    test_n: int
    classes: tuple[tuple[str, int], ...]
    columns: tuple[tuple[str, str], ...] = ()


def new_space(facts: DataFacts) -> Space:
    """Return the space that is suggested for a data set."""
    return Space(
        space_name(facts.name),
        f"A first search on {cut(facts.name, 100)}",
        tuple(one.parameter for one in suggested(facts.shape)),
        {},
        Baseline(classic_network(facts.shape)),
        data=facts.source,
    )


def new_space_text(facts: DataFacts) -> str:
    """Return its TOML text, with comments; the reader reads it back as `new_space`."""
    suggestions = {f"[parameters.{one.parameter.name}]": one for one in suggested(facts.shape)}
    head, *tables = write_space(new_space(facts)).split("\n\n[")
    parts = [_comment(_head(facts)) + head]
    for table in tables:
        text = f"[{table}".rstrip("\n")
        parts.append(_about(text.partition("\n")[0], suggestions, facts) + text)
    return "\n\n".join(parts) + f"\n\n{_PUBLISHED}"


def space_name(text: str) -> str:
    """Return a space's name that is as like a text as it can be."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:_LONGEST_NAME].strip("-._")
    return name or "own"


def _head(facts: DataFacts) -> list[str]:
    shape = facts.shape
    kind = "images" if shape.image_shape else "rows"
    sizes = f"{shape.train_n:,} training {kind} and {facts.test_n:,} test {kind}"
    lines = [
        f"A search space for {facts.name}, written by dense-study spaces new.",
        "Change what you like: dense-study spaces check FILE says what is wrong with it.",
        "",
        f"Inputs: {sizes} of {_what(facts)}.",
        *_listed([f"{name}: {holds}" for name, holds in facts.columns]),
        f"Classes: {len(facts.classes):,}, with so many training {kind}:",
        *_listed([f"{name}: {count:,}" for name, count in facts.classes]),
    ]
    return [*lines, ""]


def _what(facts: DataFacts) -> str:
    if facts.columns:
        return f"{len(facts.columns):,} column{'s' * (len(facts.columns) != 1)}"
    image = facts.shape.image_shape
    return f"{' x '.join(map(str, image))} pixels" if image else f"{facts.shape.features:,} numbers"


def _listed(items: Sequence[str]) -> list[str]:
    rest = len(items) - _MOST_LISTED
    lines = [f"  {one}" for one in items[:_MOST_LISTED]]
    return [*lines, f"  and {rest:,} more"] if rest > 0 else lines


def _about(table: str, suggestions: dict[str, Suggestion], facts: DataFacts) -> str:
    if table == "[data]":
        lines = ["Which data, and how it is read; a path is relative to this file."]
        return _comment(lines)
    if table == "[baseline]":
        lines = [
            "What is compared with, and trial 0: the classic network, two hidden layers of 512.",
            f"Batch size and epochs are for {facts.shape.train_n:,} training rows.",
            "Put there what you use now, if that is something else.",
        ]
        return _comment(lines)
    return _comment([suggestions[table].reason])


def _comment(lines: Iterable[str]) -> str:
    return "".join(f"# {cut(line, _LONGEST_LINE)}".rstrip() + "\n" for line in lines)
