"""Portfolios learned from tables: few configs, one of which is good wherever the tables may lead.

Each tree of a table's forest is taken for a world that the table leaves possible. Configs of the
tables are added one by one, each the one that lowers the mean error of the best so far the most,
over the trees of all tables (greedy, as in Feurer et al. 2022, "Auto-Sklearn 2.0").
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from parts.table_world import TableWorld

from search_spaces.active import searched_params
from search_spaces.parameters import Params
from study.config import TrainConfig


def learned_portfolio(worlds: Sequence[TableWorld], size: int) -> tuple[Params, ...]:
    """Return at most so many params of the worlds' space, the best to try first.

    There are fewer where nothing better than the baseline is left.
    """
    configs = list({config.key: config for world in worlds for config in world.configs}.values())
    # Logarithms of errors, each world's on one scale: (configs, trees of all worlds).
    errors = np.hstack([_relative(world, configs) for world in worlds])
    best = np.zeros(errors.shape[1])
    chosen: list[int] = []
    for _ in range(size):
        means = np.minimum(errors, best).mean(axis=1)
        if means.min() >= best.mean():
            break
        chosen.append(int(means.argmin()))
        best = np.minimum(best, errors[chosen[-1]])
    space = worlds[0].space
    return tuple(searched_params(space, configs[one].as_params()) for one in chosen)


def _relative(world: TableWorld, configs: Sequence[TrainConfig]) -> NDArray[np.float64]:
    """Return the errors less the baseline's, which is tried in any case: (configs, TREES)."""
    errors = world.final_log_errors_by_tree(configs)
    return errors - world.final_log_errors_by_tree([world.baseline])
