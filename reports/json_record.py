"""Study records as plain JSON values and back, without loss."""

import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from reports.old_openings import with_purpose
from reports.opening import Opening
from reports.record import Confirmation, StudyRecord
from reports.trial_record import TrialRecord
from search_spaces.faults import fault
from search_spaces.space import Between, ChoiceDomain, FloatDomain, IntDomain, OneOf

FORMAT = 1

# Unions of dataclasses carry a word that says which one it is.
_KINDS: Mapping[str, type] = MappingProxyType(
    {
        "int": IntDomain,
        "float": FloatDomain,
        "choice": ChoiceDomain,
        "one of": OneOf,
        "between": Between,
    }
)
_WORDS = MappingProxyType({kind: word for word, kind in _KINDS.items()})
# JSON has no sign for these.
_NOT_FINITE = MappingProxyType({"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf})


def record_to_json(record: StudyRecord) -> dict[str, Any]:
    """Return the whole record as JSON values: dicts, lists, words, finite numbers, None."""
    return {"format": FORMAT, **_plain(record)}


def record_from_json(values: Mapping[str, Any]) -> StudyRecord:
    """Build the record that `record_to_json` gave; raises FaultError naming the first wrong key."""
    record: StudyRecord = _document(StudyRecord, values, "record")
    return record


def confirmation_to_json(confirmation: Confirmation) -> dict[str, Any]:
    """Return a confirmation as JSON values."""
    return {"format": FORMAT, **_plain(confirmation)}


def confirmation_from_json(values: Mapping[str, Any]) -> Confirmation:
    """Build the confirmation that `confirmation_to_json` gave; raises FaultError."""
    confirmation: Confirmation = _document(Confirmation, values, "confirmation")
    return confirmation


def trial_to_json(trial: TrialRecord) -> dict[str, Any]:
    """Return one trial's record as JSON values."""
    values: dict[str, Any] = _plain(trial)
    return values


def trial_from_json(values: object, where: str) -> TrialRecord:
    """Build the record that `trial_to_json` gave; raises FaultError naming the first wrong key."""
    trial: TrialRecord = _build(TrialRecord, values, where)
    return trial


def opening_from_json(values: Mapping[str, Any], where: str) -> Opening:
    """Build an opening from the fields of its line; raises FaultError, which begins with `where`.

    The purpose of a line that the first version wrote is read from its words.
    """
    opening: Opening = _build(Opening, values, where)
    return opening


def _document(kind: type, values: Mapping[str, Any], where: str) -> Any:
    if not isinstance(values, Mapping):
        raise fault(where, "not a JSON object", type(values).__name__, "an object")
    if values.get("format") != FORMAT:
        raise fault(where, "unknown format", values.get("format"), str(FORMAT))
    return _build(kind, values, where)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        values = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        word = _WORDS.get(type(value))
        return {"kind": word, **values} if word else values
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, value: Any, where: str) -> Any:
    """Parse one value as `kind`: a dataclass, union, tuple, mapping, literal or plain type."""
    if is_dataclass(kind):
        return _build_dataclass(kind, value, where)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _build_union(get_args(kind), value, where)
    if origin is tuple:
        return _build_tuple(kind, value, where)
    if origin is Literal:
        return _expect(value in get_args(kind), value, where, ", ".join(map(str, get_args(kind))))
    if origin is not None and issubclass(origin, Mapping):
        _expect(isinstance(value, Mapping), value, where, "an object")
        entry = get_args(kind)[1]
        return {key: _build(entry, inner, f"{where}.{key}") for key, inner in value.items()}
    return _build_plain(kind, value, where)


def _build_dataclass(kind: Any, value: Any, where: str) -> Any:
    _expect(isinstance(value, Mapping), value, where, "an object")
    if kind is Opening:
        value = with_purpose(value)
    arguments = {}
    for field in fields(kind):
        if field.name in value:
            hint = _hints(kind)[field.name]
            arguments[field.name] = _build(hint, value[field.name], f"{where}.{field.name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise fault(where, f"missing key {field.name!r}")
    return kind(**arguments)


def _build_union(options: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in options:
        return None
    options = tuple(option for option in options if option is not type(None))
    if len(options) == 1:
        return _build(options[0], value, where)
    if all(is_dataclass(option) for option in options):
        allowed = ", ".join(_WORDS[option] for option in options)
        _expect(isinstance(value, Mapping), value, where, "an object")
        found = _KINDS.get(value.get("kind"))
        _expect(found in options, value.get("kind"), f"{where}.kind", allowed)
        return _build(found, value, where)
    # What is left is the scalar of a parameter.
    return _expect(isinstance(value, options), value, where, "a word, number or flag")


def _build_tuple(kind: Any, value: Any, where: str) -> tuple[Any, ...]:
    _expect(isinstance(value, list | tuple), value, where, "a list")
    entry = get_args(kind)[0]
    return tuple(_build(entry, inner, f"{where}[{i}]") for i, inner in enumerate(value))


def _build_plain(kind: Any, value: Any, where: str) -> Any:
    if kind is float:
        if isinstance(value, str) and value in _NOT_FINITE:
            return _NOT_FINITE[value]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(_expect(number, value, where, "a number"))
    if kind is int:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return _expect(whole, value, where, "a whole number")
    return _expect(isinstance(value, kind), value, where, kind.__name__)


def _expect(valid: bool, value: Any, where: str, allowed: str) -> Any:
    if not valid:
        raise fault(where, "wrong value", repr(value)[:80], allowed)
    return value
