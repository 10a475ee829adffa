"""The fingerprint of a space: equal exactly when searches in it mean the same."""

import hashlib
import json
from dataclasses import asdict

from search_spaces.active import baseline_params
from search_spaces.parameters import complete_params, identifying
from search_spaces.space import Between, Condition, SearchedParameter, Space


def space_fingerprint(space: Space) -> str:
    """Return 16 hex digits of all that trials depend on, the beliefs and the baseline included.

    The name, the description and what was published about the baseline do not count, nor does
    whether a default was written out.
    """
    own, baseline = space.network == "own", baseline_params(space)
    beliefs = {name: [one.about, one.within] for name, one in space.beliefs.items()}
    content = {
        "parameters": [_content(parameter) for parameter in space.parameters],
        "fixed": dict(space.fixed) if own else identifying(complete_params("fixed", space.fixed)),
        "baseline": baseline if own else identifying(baseline),
        **({"network": space.network} if own else {}),
        **({"beliefs": beliefs} if beliefs else {}),
    }
    text = json.dumps(content, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _content(parameter: SearchedParameter) -> dict[str, object]:
    return {
        "name": parameter.name,
        "kind": type(parameter.domain).__name__,
        "domain": asdict(parameter.domain),
        "when": {other: _condition(condition) for other, condition in parameter.when.items()},
    }


def _condition(condition: Condition) -> list[object]:
    if isinstance(condition, Between):
        return ["between", float(condition.low), float(condition.high)]
    return ["one of", *sorted(condition.values, key=str)]
