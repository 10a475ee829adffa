"""Seeds as pure functions of the study's seed."""

import hashlib
import json


def derive_seed(study_seed: int, *purpose: str | int) -> int:
    """Return a seed from 0 to 2**31 - 1 that belongs to this study and purpose alone."""
    digest = hashlib.sha256(json.dumps([study_seed, *purpose]).encode()).digest()
    return int.from_bytes(digest[:4], "big") & 0x7FFFFFFF


def fold_seed(seed: int, fold: int) -> int:
    """Return the seed of a training's part on one of several folds; the first has its own."""
    return derive_seed(seed, "fold", fold) if fold else seed


def trial_seed(study_seed: int, order: int) -> int:
    """Return the training seed of the trial asked at this place."""
    return derive_seed(study_seed, "trial", order)


def search_split_seed(study_seed: int) -> int:
    """Return the seed of the validation split that all trials of a search share."""
    return derive_seed(study_seed, "split")
