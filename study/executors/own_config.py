"""Params of a network that a user's own function builds, beside the TrainConfig of ours."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from search_spaces.parameters import Params, Scalar
from search_spaces.space import Network, Space
from study.config import TrainConfig, config_from_params


@dataclass(frozen=True)
class OwnConfig:
    """Hold what the user's function is given; `epochs` takes the place of its own unless 0."""

    params: Params
    epochs: int = 0

    def as_params(self) -> dict[str, Scalar]:
        """Return every parameter by name."""
        return dict(self.params)

    @property
    def key(self) -> str:
        """Return 16 hex digits that two configs share only when they are equal."""
        text = json.dumps([self.as_params(), self.epochs], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def ended_after(self, epochs: int) -> "OwnConfig":
        """Return what trains for so many epochs, whatever the function says."""
        return replace(self, epochs=epochs)


Config = TrainConfig | OwnConfig


def config_for(network: Network, params: Params, where: str = "params") -> Config:
    """Build the config of params for a kind of network; raises FaultError as its own does."""
    return config_from_params(params, where) if network == "dense" else OwnConfig(dict(params))


def config_in(space: Space, params: Params, where: str = "params") -> Config:
    """Build the config of params for a space's network."""
    return config_for(space.network, params, where)


def changes_between(before: Config, after: Config) -> dict[str, tuple[Scalar, Scalar]]:
    """Return both values of each parameter in which two configs of one kind differ, by name."""
    if isinstance(before, TrainConfig) and isinstance(after, TrainConfig):
        return before.changes_to(after)
    old, new = before.as_params(), after.as_params()
    return {name: (old[name], value) for name, value in new.items() if old[name] != value}


def with_changes(config: Config, changes: Mapping[str, Scalar]) -> Config:
    """Return a config with some values changed."""
    params = {**config.as_params(), **changes}
    if isinstance(config, OwnConfig):
        return replace(config, params=params)
    return config_from_params(params)
