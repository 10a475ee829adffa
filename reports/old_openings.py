"""Openings as the first version wrote them: their purpose stood in English alone.

Nothing else reads that English, and no line that has its fields comes here.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from reports.opening import Purpose
from reports.trials import BASELINE

_FINAL = re.compile(
    r"final of (?P<candidate>.+) and baseline, (?P<seeds>\d{1,9}) seeds a side"
    r"(?:, look (?P<look>\d{1,9}) of (?P<looks>\d{1,9}))?"
)
_BASELINE = re.compile(r"baseline under (\d{1,9}) seeds")
_WALK_THROUGH = re.compile(r"baseline step by step, seed (\d{1,20})")
_TRAIN = re.compile(r"train a config file, (\d{1,9}) seeds?")
_VERIFY = re.compile(r"verify the bundle of study .+")


def with_purpose(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an opening's JSON fields as they are now written: with the purpose, if it lacks it."""
    if "purpose" in fields or not isinstance(fields.get("why"), str):
        return fields
    purpose = purpose_of_words(fields["why"])
    return {**fields, "purpose": purpose and asdict(purpose)}


def purpose_of_words(why: str) -> Purpose | None:
    """Return the purpose that the first version's words name, None where they name none."""
    if found := _FINAL.fullmatch(why):
        seeds, look, looks = (_number(found[name]) for name in ("seeds", "look", "looks"))
        return Purpose("final", found["candidate"], seeds, look, looks)
    if found := _BASELINE.fullmatch(why):
        return Purpose("baseline", BASELINE, seeds=int(found[1]))
    if found := _WALK_THROUGH.fullmatch(why):
        return Purpose("baseline walk-through", BASELINE, seeds=1, seed=int(found[1]))
    if found := _TRAIN.fullmatch(why):
        return Purpose("train", seeds=int(found[1]))
    if _VERIFY.fullmatch(why):
        return Purpose("verify", seeds=1)
    return None


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
