"""Refuse for images what prepares the columns of a table, and a table for a user's own network."""

from collections.abc import Iterable

from search_spaces.faults import fault
from search_spaces.parameters import OF_TABLES, PARAMETERS
from search_spaces.space import Space
from study.config import TrainConfig
from study.data.values import About


def check_space(space: Space, about: About) -> None:
    """Raise FaultError where a space names what this data has no use for, or takes no such data."""
    if space.network == "own" and about.columns:
        what = "a table, and a network of your own takes images or arrays of numbers"
        raise fault(about.name, what, allowed="x_train, y_train, x_test and y_test as arrays")
    searched = (one.name for one in space.parameters)
    named = {*searched, *space.fixed, *space.baseline.params}
    _check(f"search space {space.name}", named, about)


def check_config(config: TrainConfig, about: About) -> None:
    """Raise FaultError where a config has what this data has no use for."""
    _check("config", config.as_params(), about)


def _check(where: str, named: Iterable[str], about: About) -> None:
    present = OF_TABLES.intersection(named)
    if present and not about.columns:
        names = ", ".join(name for name in PARAMETERS if name in present)
        what = "prepares the columns of a table, and this data has none"
        raise fault(where, what, names, f"leave it out for {about.name}")
