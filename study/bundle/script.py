"""Write train.py: plain Keras code that trains a config without this package."""

from collections.abc import Mapping

from search_spaces.optimizers import OPTIMIZERS
from study.bundle.texts import templates
from study.config import TrainConfig
from study.config_file import one_line, provenance_comments
from study.data.columns import Column
from study.data.fitting import FEWEST_STEPS, QUANTILES, STANDARD_LIMIT
from study.data.split import VALIDATION_SHARE
from study.data.values import About
from study.engine.fixed import BATCH_MOMENTUM, NORMALIZATION_EPSILON

# So many levels of a category are named.
_LEVELS_SHOWN = 30


def write_script(
    config: TrainConfig, about: About, seed: int, provenance: Mapping[str, str]
) -> str:
    """Return a program of plain Keras that trains this config; it holds only what is used."""
    rows, width, *channels = (*about.image_shape, 1, 1)
    text = (
        templates()
        .get_template("train.py.j2")
        .render(
            config=config,
            seed=seed,
            comments=provenance_comments(provenance),
            full_scale=about.full_scale,
            image_shape=(rows, width, channels[0]),
            weighted=bool(about.weight),
            counted=bool(about.weight) or config.class_weights == "balanced",
            widths=config.widths,
            initializer=config.hidden_initializer,
            optimizer={
                "name": OPTIMIZERS[config.optimizer].name,
                "arguments": _arguments(config),
            },
            batch_momentum=BATCH_MOMENTUM,
            normalization_epsilon=NORMALIZATION_EPSILON,
            validation_share=round(VALIDATION_SHARE, 6),
            **_columns(about),
        )
    )
    return text.rstrip("\n") + "\n"


def _columns(about: About) -> dict[str, object]:
    """Return what prepares the columns of a table."""
    levels = {
        index: len(one.levels) for index, one in enumerate(about.columns) if one.levels is not None
    }
    return {
        "columns": about.columns,
        "comments_of_columns": [
            (index, one_line(_comment(one))) for index, one in enumerate(about.columns)
        ],
        "numbers": [index for index in range(len(about.columns)) if index not in levels],
        "levels": levels,
        "limit": int(STANDARD_LIMIT),
        "fewest_steps": FEWEST_STEPS,
        "quantiles": QUANTILES,
    }


def _comment(column: Column) -> str:
    if column.levels is None:
        return column.name
    shown = ", ".join(column.levels[:_LEVELS_SHOWN])
    rest = len(column.levels) - _LEVELS_SHOWN
    return f"{column.name}: {shown}" + (f" and {rest} more" if rest > 0 else "")


def _arguments(config: TrainConfig) -> dict[str, object]:
    params = config.as_params()
    takes = OPTIMIZERS[config.optimizer].takes
    arguments: dict[str, object] = {name: params[name] for name in takes}
    if config.weight_decay:
        arguments["weight_decay"] = config.weight_decay
    if config.clip_norm:
        arguments["global_clipnorm"] = config.clip_norm
    if config.ema:
        arguments |= {"use_ema": True, "ema_momentum": config.ema}
    return arguments
