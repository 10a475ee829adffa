"""What a card is made of."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from reports.figures.base import Figure
from reports.tables import Table


@dataclass(frozen=True)
class Chart:
    """A figure with its caption (also its text alternative) and its numbers as a table."""

    key: str
    figure: Figure
    caption: str
    table: Table | None = None
    label: str = ""

    @property
    def file(self) -> str:
        """What it shows as a part of a file's name: "pair-width-and-dropout", not "pair-0"."""
        kind = re.sub(r"-\d+$", "", self.key)
        if kind == self.key:
            return self.key
        about = re.sub(r"[^A-Za-z0-9]+", "-", self.label).strip("-").lower()[:60]
        return f"{kind}-{about}" if about else self.key


def file_names(charts: Iterable[Chart]) -> tuple[str, ...]:
    """Return each chart's file name without its ending; no two are alike."""
    names: list[str] = []
    for chart in charts:
        names.append(chart.file if chart.file not in names else f"{chart.file}-{chart.key}")
    return tuple(names)


@dataclass(frozen=True)
class Charts:
    """Figures below each other, side by side in a grid, or one at a time from a list."""

    kind: ClassVar[str] = "charts"
    charts: tuple[Chart, ...]
    arrange: Literal["stack", "grid", "choice"] = "stack"


@dataclass(frozen=True)
class Axes:
    """A scatter of the trials whose two axes and colour the reader chooses from a table's columns.

    It starts with the columns `across` and `up`, given by their titles.
    """

    kind: ClassVar[str] = "axes"
    key: str
    caption: str
    table: str
    across: str
    up: str


@dataclass(frozen=True)
class Sheet:
    """A table to sort, filter and take away."""

    kind: ClassVar[str] = "sheet"
    key: str
    caption: str
    table: Table


@dataclass(frozen=True)
class Facts:
    """Names and values."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Diff:
    """Two texts line by line: the sign is "-", "+" or a space."""

    kind: ClassVar[str] = "diff"
    label: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """A small image as a data address, with what it shows."""

    source: str
    caption: str
    width: int
    height: int


@dataclass(frozen=True)
class Gallery:
    """Small images in rows."""

    kind: ClassVar[str] = "gallery"
    title: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Commands:
    """Lines for a terminal."""

    kind: ClassVar[str] = "commands"
    label: str
    lines: tuple[str, ...]
    key: str = "lines"


@dataclass(frozen=True)
class Fold:
    """Blocks that a press opens: what repeats a figure, or what few readers need."""

    kind: ClassVar[str] = "fold"
    key: str
    label: str
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    kind: ClassVar[str] = "words"
    text: str


@dataclass(frozen=True)
class NotYet:
    """Why there is nothing to show."""

    kind: ClassVar[str] = "not yet"
    reason: str


Block = Charts | Axes | Sheet | Facts | Diff | Gallery | Commands | Fold | Words | NotYet


@dataclass(frozen=True)
class Card:
    """One question (the title), one line on how to read the answer, and the answer.

    `notes` say what was left out, thinned or assumed. A folded card shows its title and its
    finding, one line, until a press opens it.
    """

    key: str
    title: str
    aid: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    finding: str = ""
    folded: bool = False

    @property
    def line(self) -> str:
        """The finding; without one why there is none, or how to read the card."""
        missing = next((b for b in self.blocks if isinstance(b, NotYet)), None)
        if missing is not None:
            return "Nothing yet."
        return self.finding or self.aid


@dataclass(frozen=True)
class Section:
    """Cards under one heading."""

    title: str
    cards: tuple[Card, ...]


def all_blocks(sections: Iterable[Section]) -> Iterator[Block]:
    """Yield every block of these sections from top to bottom, those inside folds too."""
    for section in sections:
        for card in section.cards:
            for block in card.blocks:
                yield block
                if isinstance(block, Fold):
                    yield from block.blocks
