"""Search spaces that are built in Python, by the rules of those in TOML."""

from collections.abc import Mapping
from pathlib import Path

from search_spaces.parameters import Params
from search_spaces.read import load_space, read_space
from search_spaces.space import (
    Baseline,
    Condition,
    Domain,
    PublishedAccuracy,
    SearchedParameter,
    Space,
)
from search_spaces.write import write_space

# A shipped space's name, the path of a TOML file, or a space.
SpaceLike = str | Path | Space


def space(
    name: str,
    parameters: Mapping[str, Domain],
    *,
    fixed: Params | None = None,
    baseline: Params | None = None,
    when: Mapping[str, Mapping[str, Condition]] | None = None,
    published: PublishedAccuracy | None = None,
    about: str = "",
) -> Space:
    """Build a search space.

    `parameters` are domains by the names that `dense-study spaces parameters` lists; `when` has the
    conditions under which a parameter is searched, by its name and the other's. What is neither
    searched nor fixed has its default. Raises DenseStudyError with everything that is wrong.

    Example:
        >>> from study import IntDomain
        >>> mine = space("mine", {"width": IntDomain(16, 64)}, baseline={"width": 32})
        >>> mine.parameters[0].domain
        IntDomain(low=16, high=64, step=1, log=False)
    """
    conditions = when or {}
    searched = tuple(
        SearchedParameter(key, domain, conditions.get(key, {}))
        for key, domain in parameters.items()
    )
    built = Space(name, about, searched, fixed or {}, Baseline(baseline or {}, published))
    return read_space(write_space(built), f"space {name}")


def loaded_space(asked: SpaceLike) -> Space:
    """Return a space as it is, or load it by its name or path; raises DenseStudyError."""
    return asked if isinstance(asked, Space) else load_space(str(asked))
