"""The file form of a TrainConfig: TOML with every parameter, provenance as comments."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from search_spaces.faults import fault
from search_spaces.parameters import PARAMETERS
from search_spaces.text_file import read_text_file
from study.config import TrainConfig, config_from_params

# What else is written as TOML, and the keys that it is known by.
_OTHER_KINDS: Mapping[str, frozenset[str]] = {
    "a study's plan": frozenset({"data_fingerprint", "split_seed"}),
    "a search space": frozenset({"parameters"}),
    "a search space without parameters": frozenset({"fixed", "baseline"}),
    "a cluster's file": frozenset({"class"}),
}


def write_config(config: TrainConfig, provenance: Mapping[str, str]) -> str:
    """Return the config as TOML, one parameter a line, below its provenance as comments."""
    comments = "".join(f"{line}\n" for line in provenance_comments(provenance))
    return comments + tomli_w.dumps(config.as_params())


def provenance_comments(provenance: Mapping[str, str]) -> list[str]:
    """Return one comment line an entry, for TOML and Python alike; nothing breaks out of it."""
    return [f"# {one_line(name)}: {one_line(text)}" for name, text in provenance.items()]


def read_config(text: str, where: str) -> TrainConfig:
    """Read a config; parameters that are left out have the vocabulary's defaults.

    Raises FaultError with every unknown name and every value out of its limits.
    """
    values = _parse(text, where)
    for kind, keys in _OTHER_KINDS.items():
        if keys <= set(values):
            allowed = "config.toml of a bundle, or what export --config-format toml writes"
            raise fault(where, f"this is {kind}, not a config", allowed=allowed)
    return config_from_params(values, where)


def load_config(path: Path) -> TrainConfig:
    """Read a config file; raises FaultError where it is no small text file or no config."""
    return read_config(read_text_file(path, str(path)), str(path))


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # ValueError is what tomllib raises for bad syntax, and Python for a number too long.
        raise fault(
            where,
            "not a TOML file",
            str(error) or "values nested too deeply",
            f"lines like width = 512, with any of {', '.join(PARAMETERS)}",
        ) from error


def one_line(text: str) -> str:
    """Escape whatever could end a comment or is not allowed in one (line ends, control signs)."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )
