"""The methods that `replay.py` compares: samplers and pruners of the product, and others' samplers.

`screen` is none of the product's: it trains many random configs for few epochs, and the best of
them to their ends.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from unittest import mock

import numpy as np
from optuna.samplers import BaseSampler
from parts.replayed import EpochLimit, Replay, replayed
from parts.table_world import TableWorld

from search_spaces.optuna_domains import distribution
from search_spaces.parameters import Params
from search_spaces.space import Belief, Space
from study.config import TrainConfig
from study.coordinator import suggest
from study.coordinator.int_as_float import modelled
from study.coordinator.samplers import OPTUNA_SAMPLERS
from study.coordinator.suggest import Asking
from study.run_dir.search_options import Pruner, Sampler
from study.workflows.plans import first_plan
from study.workflows.request import Request

DEFAULT = "tpe"
# Where the folder `package` of OptunaHub's registry was laid; `conformal` needs the packages
# optunahub and confopt too.
REGISTRY = Path("build/optunahub-registry/package")
# Of the epochs that a study may train, `screen` spends this share on trying.
SCREENED = 0.5


@dataclass(frozen=True)
class Method:
    """How a study searches: by a sampler and a pruner, from which params and beliefs it starts.

    `made` makes a sampler of others, which takes TPE's place. With `screened` epochs nothing of
    this holds: each config is tried for so many.
    """

    sampler: Sampler = "tpe"
    pruner: Pruner = "median"
    portfolio: int = 0
    beliefs: Mapping[str, Belief] = field(default_factory=dict)
    made: Callable[[Space, int], BaseSampler] | None = None
    screened: int = 0


def _conformal(space: Space, seed: int) -> BaseSampler:
    hub = importlib.import_module("optunahub")
    module = hub.load_local_module("samplers/confopt_sampler", registry_root=str(REGISTRY))
    domains = {one.name: modelled(distribution(one.domain)) for one in space.parameters}
    sampler: BaseSampler = module.ConfOptSampler(search_space=domains, seed=seed)
    return sampler


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        DEFAULT: Method(),
        "random": Method("random"),
        "qmc": Method("qmc"),
        "nsga2": Method("nsga2"),
        "tpe, no pruner": Method(pruner="none"),
        "random, no pruner": Method("random", "none"),
        "tpe, halving": Method(pruner="halving"),
        "tpe, hyperband": Method(pruner="hyperband"),
        "random, halving": Method("random", "halving"),
        "portfolio of 2": Method(portfolio=2),
        "portfolio of 4": Method(portfolio=4),
        "portfolio of 8": Method(portfolio=8),
        "portfolio of 4, halving": Method(pruner="halving", portfolio=4),
        "right belief": Method(beliefs={"epochs": Belief(16, 1.25), "batch_size": Belief(50, 1.5)}),
        "wrong belief": Method(beliefs={"epochs": Belief(4, 1.25), "batch_size": Belief(350, 1.4)}),
        "screen at 1": Method(screened=1),
        "screen at 3": Method(screened=3),
        # It learns from trials with every parameter alone: of no use in a space with conditions.
        "conformal": Method(made=_conformal),
    }
)
# Those that need nothing but the development installation.
STANDARD = tuple(name for name, method in METHODS.items() if method.made is None)


def study_of(
    method: Method, world: TableWorld, portfolio: tuple[Params, ...], seed: int, epochs: float
) -> Replay:
    """Replay one study of 30 trials, and of more until it has trained so many epochs."""
    if method.screened:
        return _screened(world, method.screened, seed, epochs)
    asked = {"sampler": method.sampler, "pruner": method.pruner, "seed": seed, "trials": 120}
    space = replace(world.space, beliefs=method.beliefs)
    plan = first_plan(Request(asked), "replayed", space, "f" * 64)
    plan = replace(plan, enqueued=tuple(dict(one) for one in portfolio[: method.portfolio]))
    with _taking_its_place(method, space):
        return replayed(world, space, plan, EpochLimit(epochs))


@contextmanager
def _taking_its_place(method: Method, space: Space) -> Iterator[None]:
    make = method.made
    if make is None:
        yield
        return
    others = {**OPTUNA_SAMPLERS, "tpe": lambda seed: make(space, seed)}
    with mock.patch.object(suggest, "OPTUNA_SAMPLERS", others):
        yield


def _screened(world: TableWorld, tried: int, seed: int, epochs: float) -> Replay:
    """Try random configs for few epochs, with half of them all, then train the best of them whole.

    The baseline is trained whole at first, as everywhere. Who was only tried cannot be picked.
    """
    asking = Asking(world.space, "random", seed, (), lambda _: None)
    costs, true, seen = [], [], []
    tries: list[tuple[float, TrainConfig, int]] = []

    def train(config: TrainConfig, trained: int, cost: int) -> None:
        costs.append(cost)
        true.append(world.true_accuracy(config))
        seen.append(world.curve(config, trained)[-1])

    def tried_epochs() -> int:
        return sum(min(tried, one.epochs) for _, one, _ in tries)

    order = 0
    while (
        not costs
        or sum(costs) + sum(min(tried, one.epochs) for _, one, _ in tries) < SCREENED * epochs
    ):
        asked = asking.ask(order, order)
        assert asked is not None
        assert isinstance(asked.config, TrainConfig)
        if order == 0:
            train(asked.config, asked.seed, asked.config.epochs)
        else:
            reached = world.curve(asked.config, asked.seed)[min(tried, asked.config.epochs) - 1]
            tries.append((-reached, asked.config, asked.seed))
        order += 1
    spent = tried_epochs()
    for number, (_, config, trained) in enumerate(sorted(tries, key=lambda one: one[0])):
        # What was tried goes on from where it was, and all that was tried is paid by the first.
        cost = config.epochs - min(tried, config.epochs) + (spent if number == 0 else 0)
        if sum(costs) + cost > epochs and number > 0:
            break
        train(config, trained, cost)
    return Replay(np.array(costs), np.array(true), np.array(seen))
