"""The text templates of a bundle."""

from functools import cache

import jinja2

from reports.answer_words import trainings_words
from reports.numbers import percent
from study.config_file import one_line

# What Markdown or the HTML in it would take for markup.
_MARKUP = {**{ord(sign): f"\\{sign}" for sign in "\\`*_[]|#"}, ord("<"): "&lt;", ord(">"): "&gt;"}


@cache
def templates() -> jinja2.Environment:
    """Return the templates; they write code and Markdown, and what they are given is escaped."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("study.bundle"),
        autoescape=False,  # noqa: S701 nothing here is HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["percent"] = percent
    found.filters["words"] = words
    found.filters["trainings"] = trainings_words
    return found


def words(text: str) -> str:
    """Return text as Markdown that shows it as it is, on one line."""
    return one_line(text).translate(_MARKUP)
