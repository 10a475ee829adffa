"""A config alone, in the file form that is asked for."""

import json
from collections.abc import Mapping
from typing import Literal, get_args

import yaml

from study.config import TrainConfig
from study.config_file import provenance_comments, write_config

ConfigForm = Literal["toml", "json", "yaml"]
CONFIG_FORMS: tuple[ConfigForm, ...] = get_args(ConfigForm)


def render_config(config: TrainConfig, provenance: Mapping[str, str], form: ConfigForm) -> str:
    """Return the config as text; JSON has no comments and so no provenance."""
    match form:
        case "toml":
            return write_config(config, provenance)
        case "json":
            return json.dumps(config.as_params(), indent=1) + "\n"
        case "yaml":
            comments = "".join(f"{line}\n" for line in provenance_comments(provenance))
            return comments + yaml.safe_dump(config.as_params(), sort_keys=False)
