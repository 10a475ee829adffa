"""The JSON Schema of the space language for editors, generated from the vocabulary.

It holds a file's shape and limits; what needs two places at once (circles of conditions, the
baseline in its own space, low <= high) only the reader can tell.
"""

from typing import Any

from search_spaces.data_source import DATA_KEYS
from search_spaces.kinds import (
    ChoiceParameter,
    FloatParameter,
    IntParameter,
    Parameter,
)
from search_spaces.measures import MEASURE_NAMES
from search_spaces.parameters import PARAMETERS
from search_spaces.published import LARGEST_COUNT, PUBLISHED_KEYS, SPLITS
from search_spaces.read import NAME
from search_spaces.read_domain import LARGEST_STEP, types_of

Schema = dict[str, Any]

_LINE: Schema = {"type": "string", "minLength": 1, "maxLength": 500}
_COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_COUNT}
# A log scale starts above 0 and has no steps.
_LOG_RULE: Schema = {
    "if": {"properties": {"log": {"const": True}}, "required": ["log"]},
    "then": {"properties": {"low": {"exclusiveMinimum": 0}}, "not": {"required": ["step"]}},
}


def space_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a search space file."""
    values = {name: _ref("value", name) for name in PARAMETERS}
    parameters = {name: _ref("search", name) for name in PARAMETERS}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dense-study search space",
    }
    properties = {
        "name": {"type": "string", "pattern": f"^{NAME.pattern}$", "description": "its name"},
        "about": {**_LINE, "description": "one line on what it is for"},
        "data": _data(),
        "parameters": {**_table(parameters), "minProperties": 1},
        "believe": _table({name: _belief(name) for name in PARAMETERS}),
        "fixed": _table(values),
        "baseline": _table({**values, "published": _published()}),
    }
    definitions = {
        "value": {name: _value(parameter) for name, parameter in PARAMETERS.items()},
        "when": _table({name: _condition(name) for name in PARAMETERS}),
        "search": {name: _search(name) for name in PARAMETERS},
    }
    return head | _table(properties, "name", "parameters") | {"$defs": definitions}


def _data() -> Schema:
    kinds: dict[str, Schema] = {
        "drop": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "test_share": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    }
    described = {
        key: {**kinds.get(key, _LINE), "description": about} for key, about in DATA_KEYS.items()
    }
    return _table(described, "source")


def _ref(kind: str, name: str) -> Schema:
    return {"$ref": f"#/$defs/{kind}/{name}"}


def _table(properties: Schema, *required: str) -> Schema:
    table = {"type": "object", "additionalProperties": False, "properties": properties}
    return table | ({"required": list(required)} if required else {})


def _value(parameter: Parameter) -> Schema:
    about = {"description": parameter.about, "default": parameter.default}
    match parameter:
        case ChoiceParameter(options=options):
            return {"enum": list(options), **about}
        case IntParameter(low=low, high=high):
            return {"type": "integer", "minimum": low, "maximum": high, **about}
        case FloatParameter(low=low, high=high):
            return {"type": "number", "minimum": low, "maximum": high, **about}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _ref("value", name), "minItems": 1, "uniqueItems": True}


def _search(name: str) -> Schema:
    kinds = [_choice(name) if kind == "choice" else _range(name, kind) for kind in types_of(name)]
    return {"description": PARAMETERS[name].about, "oneOf": kinds}


def _choice(name: str) -> Schema:
    properties = {"type": {"const": "choice"}, "values": _list(name), "when": _when()}
    return _table(properties, "type", "values")


def _range(name: str, kind: str) -> Schema:
    number = "integer" if kind == "int" else "number"
    properties = {
        "type": {"const": kind},
        "low": _ref("value", name),
        "high": _ref("value", name),
        "step": {"type": number, "exclusiveMinimum": 0, "maximum": LARGEST_STEP},
        "log": {"type": "boolean"},
        "when": _when(),
    }
    return _table(properties, "type", "low", "high") | _LOG_RULE


def _when() -> Schema:
    return {"$ref": "#/$defs/when", "description": "searched only where all of these hold"}


def _condition(name: str) -> Schema:
    kinds = [_ref("value", name), _list(name)]
    if not isinstance(PARAMETERS[name], ChoiceParameter):
        bounds = _table({"low": _ref("value", name), "high": _ref("value", name)})
        kinds.append({**bounds, "minProperties": 1})
    return {"oneOf": kinds}


def _belief(name: str) -> Schema:
    within = {"type": "number", "exclusiveMinimum": 0}
    described = {"about": _ref("value", name), "within": within}
    return _table(described, "about")


def _published() -> Schema:
    kinds: dict[str, Schema] = {
        "accuracy": {"type": "number", "minimum": 0, "maximum": 1},
        "measure": {"enum": list(MEASURE_NAMES[1:])},
        "value": {"type": "number", "minimum": 0},
        "split": {"enum": list(SPLITS)},
        "n": _COUNT,
        "runs": _COUNT,
    }
    described = {
        key: {**kinds.get(key, _LINE), "description": about}
        for key, (about, _) in PUBLISHED_KEYS.items()
    }
    kinds_of_number = [{"required": ["accuracy"]}, {"required": ["measure", "value"]}]
    return _table(described) | {"oneOf": kinds_of_number}
