"""What a card is made of."""

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


@dataclass(frozen=True)
class Charts:
    """Figures below each other, side by side in a grid, or one at a time from a list."""

    kind: ClassVar[str] = "charts"
    charts: tuple[Chart, ...]
    arrange: Literal["stack", "grid", "choice"] = "stack"


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


Block = Charts | Sheet | Facts | Diff | Gallery | Commands | Words | NotYet


@dataclass(frozen=True)
class Card:
    """One question (the title), one line on how to read the answer, and the answer.

    `notes` say what was left out, thinned or assumed.
    """

    key: str
    title: str
    aid: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Cards under one heading."""

    title: str
    cards: tuple[Card, ...]
