"""Frozen dataclasses as plain JSON values and back, without loss: the one reader of their types."""

import json
import math
import sys
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from reports.value_types import LARGEST, IsText, Limit, Within
from search_spaces.faults import Fault, FaultError, fault, shown, unknown
from search_spaces.json_text import is_text, read_json
from search_spaces.space import Between, ChoiceDomain, FloatDomain, IntDomain, OneOf
from search_spaces.unsaid import is_unsaid

T = TypeVar("T")

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
_KIND = "kind"
# JSON has no sign for these.
_NOT_FINITE = MappingProxyType({"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf})
_PLAIN = MappingProxyType({int: "a whole number", str: "a text", bool: "true or false"})
# What every whole number and text is, where its field's type does not say more.
_LIMITS: Mapping[type, Limit] = MappingProxyType({int: Within(-LARGEST, LARGEST), str: IsText()})
_SHOWN = 80


def to_json(value: Any) -> Any:
    """Return dataclasses, tuples and mappings as dicts, lists, words, finite numbers and None."""
    if is_dataclass(value) and not isinstance(value, type):
        held = [(one, getattr(value, one.name)) for one in fields(value)]
        values = {one.name: to_json(own) for one, own in held if not is_unsaid(one, own)}
        word = _WORDS.get(type(value))
        return {_KIND: word, **values} if word else values
    if isinstance(value, Mapping):
        return {str(key): to_json(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def from_json(kind: type[T], values: Any, where: str) -> T:
    """Build the dataclass that `to_json` gave these values of.

    Raises FaultError with every key that is missing, unknown or of a wrong value, and what is
    allowed; `where` is the file.
    """
    reader = _Reader(where)
    found: T = reader.read(kind, values, "")
    if reader.faults:
        raise FaultError(*reader.faults)
    return found


def to_json_line(value: Any) -> bytes:
    """Return a dataclass as one line of JSON, line end included."""
    return json.dumps(to_json(value), allow_nan=False).encode() + b"\n"


def parse_json(text: str | bytes, where: str) -> dict[str, Any]:
    """Return the object that a JSON text holds; raises FaultError where it is none."""
    values = read_json(text, where)
    if not isinstance(values, dict):
        raise fault(where, "is not a JSON object", type(values).__name__)
    return values


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


class _Reader:
    """Parse values by their types and gather what is wrong; `key` is where in the file one stands.

    What comes back for a wrong value is None, and goes no further than this class.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self.faults: list[Fault] = []

    def read(self, kind: Any, value: Any, key: str) -> Any:
        """Parse one value: a dataclass, union, tuple, mapping, literal or plain type."""
        if is_dataclass(kind):
            return self._dataclass(kind, value, key)
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._limited(inner, value, key)
        if origin in (Union, types.UnionType):
            return self._union(inner, value, key)
        if origin is tuple:
            is_list = self._expect(isinstance(value, list | tuple), value, key, "a list")
            entries = value if is_list else ()
            return tuple(self.read(inner[0], one, f"{key}[{i}]") for i, one in enumerate(entries))
        if origin is Literal:
            right = any(value == word and type(value) is type(word) for word in inner)
            return value if self._expect(right, value, key, ", ".join(map(str, inner))) else None
        if origin is not None and issubclass(origin, Mapping):
            items = self._object(value, key).items()
            for name, _ in items:
                self._expect(is_text(name), name, key, "text as keys")
            return {name: self.read(inner[1], one, _inside(key, name)) for name, one in items}
        if kind in _LIMITS:
            return self._limited((kind, _LIMITS[kind]), value, key)
        return self._plain(kind, value, key)

    def _dataclass(self, kind: Any, value: Any, key: str) -> Any:
        before = len(self.faults)
        values, known = dict(self._object(value, key)), {one.name: one for one in fields(kind)}
        if kind in _WORDS:
            values.pop(_KIND, None)
        if len(self.faults) == before:
            self._check_keys(values, known, key)
        found = {
            name: self.read(_hints(kind)[name], values[name], _inside(key, name))
            for name in known
            if name in values
        }
        return kind(**found) if len(self.faults) == before else None

    def _check_keys(
        self, values: Mapping[str, Any], known: Mapping[str, Field[Any]], key: str
    ) -> None:
        needed = [
            name
            for name, one in known.items()
            if one.default is MISSING and one.default_factory is MISSING
        ]
        missing = [name for name in needed if name not in values]
        if missing:
            self._add(key, f"missing: {', '.join(missing)}", allowed=", ".join(known))
        for name in values:
            if name not in known:
                self._add(_inside(key, name), unknown("key", name, known), allowed=", ".join(known))

    def _union(self, options: tuple[Any, ...], value: Any, key: str) -> Any:
        if value is None and type(None) in options:
            return None
        options = tuple(option for option in options if option is not type(None))
        if len(options) == 1:
            return self.read(options[0], value, key)
        if not all(is_dataclass(option) for option in options):
            return self._scalar(value, key)
        before, word = len(self.faults), self._object(value, key).get(_KIND)
        found = _KINDS.get(word) if isinstance(word, str) else None
        if len(self.faults) == before:
            allowed = ", ".join(_WORDS[option] for option in options)
            self._expect(found in options, word, _inside(key, _KIND), allowed)
        return self.read(found, value, key) if len(self.faults) == before else None

    def _limited(self, inner: tuple[Any, ...], value: Any, key: str) -> Any:
        before, limits = len(self.faults), inner[1:]
        found = self._plain(inner[0], value, key)
        for limit in limits:
            if len(self.faults) == before:
                self._expect(limit.holds(found), value, key, limit.words)
        return found if len(self.faults) == before else None

    def _scalar(self, value: Any, key: str) -> Any:
        # What is left of the unions is the scalar of a parameter.
        right = isinstance(value, str | bool | int | float)
        allowed = "a word, finite number or flag"
        if isinstance(value, int | float):
            right = isinstance(value, bool) or _is_number(value)
        elif isinstance(value, str):
            right = is_text(value)
        return value if self._expect(right, value, key, allowed) else None

    def _plain(self, kind: Any, value: Any, key: str) -> Any:
        if kind is Any:
            right = not isinstance(value, float) or math.isfinite(value)
            return value if self._expect(right, value, key, "a finite number") else None
        if kind is float:
            if isinstance(value, str) and value in _NOT_FINITE:
                return _NOT_FINITE[value]
            return float(value) if self._expect(_is_number(value), value, key, "a number") else None
        is_flag = isinstance(value, bool)
        right = isinstance(value, kind) and (not is_flag or kind is bool)
        return value if self._expect(right, value, key, _PLAIN[kind]) else None

    def _object(self, value: Any, key: str) -> Mapping[str, Any]:
        return value if self._expect(isinstance(value, Mapping), value, key, "an object") else {}

    def _expect(self, right: bool, value: Any, key: str, allowed: str) -> bool:
        if not right:
            self._add(key, "wrong value", _got(value), allowed)
        return right

    def _add(self, key: str, what: str, got: str = "", allowed: str = "") -> None:
        where = f"{self._where}: {key}" if key else self._where
        self.faults.append(Fault(where, what, got, allowed))


def _inside(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _got(value: Any) -> str:
    is_long = isinstance(value, list | dict) or _is_long(value)
    return shown(value) if is_long else repr(value)[:_SHOWN]


def _is_long(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > LARGEST


def _is_number(value: Any) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) <= sys.float_info.max
    return isinstance(value, float) and math.isfinite(value)
