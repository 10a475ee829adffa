"""A space as a study keeps it: its plan says which data, and what was published is complete."""

import os
from dataclasses import replace

from search_spaces.data_source import DataOptions
from search_spaces.published import kept_with_study
from search_spaces.space import Space
from study.data.known import KNOWN


def kept_space(space: Space, asked: tuple[str, DataOptions], data_name: str, test_n: int) -> Space:
    """Return the space without its [data], with what is known of the published number filled in.

    `asked` is the data that the study is on and how it is read, `data_name` what it is called.
    """
    said = (space.data.source, space.data.options) if space.data else None
    is_named = said is not None and _real(*said) == _real(*asked)
    return kept_with_study(space, data_name, test_n, is_named=is_named)


def _real(source: str, options: DataOptions) -> tuple[str, DataOptions]:
    place = source if source in KNOWN else os.path.realpath(source)
    test = options.test_data and os.path.realpath(options.test_data)
    return place, replace(options, test_data=test)
