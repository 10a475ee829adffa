"""An opening of the test split: what it was for, as fields, and the line of the ledger it is."""

from dataclasses import dataclass
from typing import Literal

from reports.numbers import plural
from reports.value_types import Count, Named

# What every answer says while the ledger cannot be trusted.
BROKEN_LEDGER = (
    "The ledger of openings was edited, or lost openings that were noted: "
    "do not rely on this answer."
)
# Why openings that the user's own ledger may hold are not all counted.
Uncounted = Literal["off", "incomplete"]
OpeningStage = Literal["final", "baseline", "baseline walk-through", "train", "verify"]


@dataclass(frozen=True)
class Purpose:
    """What an opening is for; whatever is counted or compared reads these fields.

    `candidate` is the one that meets the baseline in a final, or the one whose networks are
    tested; None where it has no name. `seeds` counts the seeds of each config, `seed` is the seed
    itself where a single one matters. At a planned look, `look` is its number among `looks`.
    """

    stage: OpeningStage
    candidate: Named | None = None
    seeds: Count | None = None
    look: Count | None = None
    looks: Count | None = None
    seed: int | None = None


@dataclass(frozen=True)
class TestIdentity:
    """What a test split is known by: the SHA-256 of the whole data, and of the split alone.

    `split` is None where a record is older than that.
    """

    whole: str
    split: str | None = None

    def is_same(self, other: "TestIdentity") -> bool:
        """Tell whether these are the same test images, as far as both records say."""
        is_same_split = self.split is not None and self.split == other.split
        return self.whole == other.whole or is_same_split


@dataclass(frozen=True)
class Opening:
    """One line of the ledger: an opening of the test set, chained by hash to the line before.

    `why` is the purpose in words, for people. `weights` are the SHA-256 hashes of what was tested,
    `fingerprint` is that of the data, `test_fingerprint` that of its test split alone, None in
    lines that are older than it. `purpose` is None where a line is older than these fields and its
    words name none. `user_ledger` is "off" where the user's own ledger was not to have it.
    """

    when: str
    why: Named
    purpose: Purpose | None
    weights: tuple[str, ...]
    fingerprint: str
    chain: str
    test_fingerprint: str | None = None
    user_ledger: Literal["off"] | None = None

    def is_of(self, test: TestIdentity) -> bool:
        """Tell whether it opened these test images, as far as both records say."""
        return TestIdentity(self.fingerprint, self.test_fingerprint).is_same(test)


def opening_words(number: int, elsewhere: int, left_out: Uncounted | None) -> str:
    """Say which opening of a test split this is, and what the count leaves out."""
    others = f", {elsewhere} of them by other studies" if elsewhere else ""
    but = f"; {uncounted_words(left_out)}" if left_out else ""
    return f"opening {number} of this test split{others}{but}"


def uncounted_words(left_out: Uncounted) -> str:
    """Say what is left out of the count of openings."""
    some = "some of " if left_out == "incomplete" else ""
    return f"{some}this user's openings in other folders are not counted"


def in_words(purpose: Purpose) -> str:
    """Say what an opening is for."""
    parts = [_head(purpose)]
    if purpose.seed is not None:
        parts.append(f"seed {purpose.seed}")
    elif purpose.seeds is not None:
        each = " each" if purpose.stage == "final" else ""
        parts.append(plural(purpose.seeds, "seed") + each)
    if purpose.look is not None:
        parts.append(f"look {purpose.look} of {purpose.looks}")
    return ", ".join(parts)


def _head(purpose: Purpose) -> str:
    who = purpose.candidate or "a config file"
    match purpose.stage:
        case "final":
            return f"final of {who} and baseline"
        case "baseline":
            return "baseline"
        case "baseline walk-through":
            return "baseline step by step"
        case "train":
            return f"train {who}"
        case "verify":
            return f"verify the bundle of {who}"
