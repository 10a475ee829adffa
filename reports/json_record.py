"""Study records as plain JSON values and back, without loss."""

from collections.abc import Mapping
from typing import Any, TypeVar

from reports.json_values import from_json, to_json
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


def _document(kind: type[T], values: Mapping[str, Any], where: str) -> T:
    if not isinstance(values, Mapping):
        raise fault(where, "not a JSON object", type(values).__name__, "an object")
    if values.get("format") != FORMAT:
        raise fault(where, "unknown format", values.get("format"), str(FORMAT))
    return from_json(kind, {name: one for name, one in values.items() if name != "format"}, where)
