"""preparation.json: how a bundle's network prepares the columns of a table."""

import json
from collections.abc import Sequence
from pathlib import Path

from reports.json_values import from_json, parse_json, to_json
from search_spaces.faults import fault
from study.data.columns import Column
from study.data.picture import check_regular_file
from study.data.preparation import NOWHERE, CategoryFeatures, NumberFeatures, Preparation


def render_preparation(preparation: Preparation) -> bytes:
    """Return it as JSON."""
    return json.dumps(to_json(preparation), indent=1, allow_nan=False).encode() + b"\n"


def read_preparation(path: Path, columns: Sequence[Column]) -> Preparation:
    """Read the preparation of these columns; raises FaultError where it is none of them."""
    check_regular_file(path)
    found = from_json(Preparation, parse_json(path.read_bytes(), str(path)), str(path))
    sound = (
        found.columns == len(columns)
        and found.features > 0
        and all(_is_number(one, columns) for one in found.numbers)
        and all(_is_category(one, columns) for one in found.categories)
    )
    if not sound:
        what = "not the preparation of the columns that the manifest names"
        raise fault(str(path), what, f"{found.columns} columns", f"those {len(columns)}")
    return found


def _is_number(one: NumberFeatures, columns: Sequence[Column]) -> bool:
    rises = all(a < b for a, b in zip(one.knots, one.knots[1:], strict=False))
    return (
        0 <= one.index < len(columns)
        and columns[one.index].levels is None
        and len(one.knots) == len(one.values) != 1
        and rises
    )


def _is_category(one: CategoryFeatures, columns: Sequence[Column]) -> bool:
    if not 0 <= one.index < len(columns):
        return False
    levels = columns[one.index].levels
    places = {*one.places, one.unseen, one.missing}
    # There are as many features as levels, unseen and missing values at most.
    return (
        levels is not None
        and len(levels) == len(one.places)
        and NOWHERE <= min(places) <= max(places) <= len(levels) + 1
    )
