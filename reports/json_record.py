"""Study records as plain JSON values and back, without loss."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from reports.json_values import from_json, to_json
from reports.old_openings import with_purpose
from reports.opening import Opening
from reports.record import Confirmation, StudyRecord
from search_spaces.faults import fault

T = TypeVar("T")

FORMAT = 1


def record_to_json(record: StudyRecord) -> dict[str, Any]:
    """Return the whole record as JSON values: dicts, lists, words, finite numbers, None."""
    return {"format": FORMAT, **to_json(record)}


def record_from_json(values: Mapping[str, Any], where: str = "record") -> StudyRecord:
    """Build the record that `record_to_json` gave; raises FaultError with every wrong key."""
    return _document(StudyRecord, values, where)


def confirmation_to_json(confirmation: Confirmation) -> dict[str, Any]:
    """Return a confirmation as JSON values."""
    return {"format": FORMAT, **to_json(confirmation)}


def confirmation_from_json(values: Mapping[str, Any], where: str = "confirmation") -> Confirmation:
    """Build the confirmation that `confirmation_to_json` gave; raises FaultError."""
    return _document(Confirmation, values, where)


def opening_from_json(values: Mapping[str, Any], where: str) -> Opening:
    """Build an opening from the fields of its line; raises FaultError, which begins with `where`.

    The purpose of a line that the first version wrote is read from its words. A line has fields of
    its own beside an opening's.
    """
    own = {one.name: values[one.name] for one in fields(Opening) if one.name in values}
    return from_json(Opening, with_purpose(own), where)


def _document(kind: type[T], values: Mapping[str, Any], where: str) -> T:
    if not isinstance(values, Mapping):
        raise fault(where, "not a JSON object", type(values).__name__, "an object")
    if values.get("format") != FORMAT:
        raise fault(where, "unknown format", values.get("format"), str(FORMAT))
    rest = {name: one for name, one in values.items() if name != "format"}
    return from_json(kind, _with_purposes(rest), where)


def _with_purposes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the openings of a confirmation their purposes, wherever the document holds them."""
    found = dict(values)
    if isinstance(found.get("openings"), list):
        found["openings"] = [
            with_purpose(one) if isinstance(one, Mapping) else one for one in found["openings"]
        ]
    if isinstance(found.get("confirmation"), Mapping):
        found["confirmation"] = _with_purposes(found["confirmation"])
    return found
