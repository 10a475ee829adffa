"""Look a whole data set over and say what is found, line by line.

This reads test images without an opening in the ledger: nothing is evaluated on them, and what
leaves this module is counts and text, never an array. No search code may import it.
"""

import numpy as np
from numpy.typing import NDArray

from reports.data_record import DataWarning
from reports.statistics.groups import count_groups
from reports.statistics.two_way import LEAST_IMAGES
from reports.statistics.weighting import effective_n
from study.data.arrays import WholeData
from study.data.check_findings import Finding, listed
from study.data.concerns import Concerns
from study.data.copies import LEAST_FEATURES, Copies, find_copies
from study.data.inputs import exact
from study.data.near import NEAR, NEIGHBOURS
from study.data.values import About, Examples

# A class this many times as frequent as another is worth a warning.
_UNEVEN = 3.0
# Fewer training images than this leave a class one or two validation images.
_FEW = 10


def find_all(about: About, whole: WholeData) -> tuple[Finding, ...]:
    """Return every finding of a usable data set, in the order in which they are read."""
    copies = find_copies(whole, within_training=True)
    return (
        _content(about),
        _shapes(whole),
        *_test_size(whole),
        *_weights(whole),
        *_classes(about, whole),
        *_values(whole),
        *_constant(whole),
        _repeats(copies),
        *_copies(whole, copies),
        _compared(copies),
        *(Finding("read", note) for note in whole.notes),
    )


def find_concerns(about: About, whole: WholeData) -> Concerns:
    """Return what matters for every accuracy measured with this data."""
    copies = find_copies(whole)
    found = (*_classes(about, whole), *_values(whole), *_copies(whole, copies))
    warnings = [one for one in found if one.warns and one.on_claim]
    return Concerns(
        tuple(DataWarning(one.topic, one.text) for one in warnings),
        copies.leaked,
        copies.nearly_leaked,
        count_groups(copies.test_groups),
        None if whole.test.weights is None else effective_n(whole.test.weights),
    )


def _content(about: About) -> Finding:
    return Finding("content", f"{about.name}, fingerprint {about.fingerprint}")


def _shapes(whole: WholeData) -> Finding:
    shape = " x ".join(str(length) for length in whole.image_shape)
    kind = whole.train.inputs.dtype.name
    text = f"{whole.train.n:,} training and {whole.test.n:,} test inputs of {shape}, {kind}"
    return Finding("shapes", text)


def _test_size(whole: WholeData) -> tuple[Finding, ...]:
    if whole.test.n >= LEAST_IMAGES:
        return ()
    text = f"{whole.test.n} test input, and an answer needs at least {LEAST_IMAGES}: search alone"
    return (Finding("test size", f"{text} can use this data (run --no-confirm)", warns=True),)


def _weights(whole: WholeData) -> tuple[Finding, ...]:
    splits = ("training", whole.train), ("test", whole.test)
    sizes = [
        f"effective n = {effective_n(one.weights):,.0f} of {one.n:,} {split} rows"
        for split, one in splits
        if one.weights is not None
    ]
    if not sizes:
        return ()
    text = f"each row counts as column {whole.weight} says: {', '.join(sizes)}"
    return (Finding("weights", text),)


def _classes(about: About, whole: WholeData) -> tuple[Finding, ...]:
    train, test = _counts(whole.train, about), _counts(whole.test, about)
    each = listed(
        [f"{name}: {a:,} + {b:,}" for name, a, b in zip(about.classes, train, test, strict=True)]
    )
    ratio = max(train) / min(train)
    unit = "rows" if whole.columns else "images"
    balance = f"the most frequent class has {ratio:.2f} times the training {unit} of the rarest"
    findings = [
        Finding("classes", f"{len(about.classes)} (training + test): {each}"),
        Finding("balance", balance, warns=ratio > _UNEVEN),
    ]
    few = [name for name, count in zip(about.classes, train, strict=True) if count < _FEW]
    if few:
        text = f"fewer than {_FEW} training {unit}: {listed(few)}"
        findings.append(Finding(f"few {unit}", text, warns=True))
    absent = [name for name, count in zip(about.classes, test, strict=True) if count == 0]
    if absent:
        text = f"classes without test {unit}: {listed(absent)}"
        findings.append(Finding("test classes", text, warns=True, on_claim=True))
    return tuple(findings)


def _values(whole: WholeData) -> tuple[Finding, ...]:
    if whole.columns:
        return ()
    both = (whole.train.inputs, whole.test.inputs)
    low, high = min(float(one.min()) for one in both), max(float(one.max()) for one in both)
    text = f"{exact(low)} to {exact(high)}, divided by {whole.full_scale:g}"
    findings = [Finding("values", text)]
    test = whole.test.inputs
    beside = int(((test < 0) | (test > whole.full_scale)).any(axis=1).sum())
    if beside:
        text = f"{beside:,} test inputs lie outside 0-1, as scaling by training rows leaves them"
        findings.append(Finding("test values", text))
    if high < whole.full_scale / 2:
        text = f"the largest value is {high / whole.full_scale:.1%} of the full scale: is it right?"
        findings.append(Finding("scale", text, warns=True, on_claim=True))
    return tuple(findings)


def _constant(whole: WholeData) -> tuple[Finding, ...]:
    if whole.columns:
        return ()
    inputs = whole.train.inputs
    constant = int((inputs.min(axis=0) == inputs.max(axis=0)).sum())
    features = inputs.shape[1]
    text = f"{constant:,} of {features:,} are the same in every training input"
    return (Finding("pixels", text, warns=constant == features),)


def _repeats(copies: Copies) -> Finding:
    text = f"{copies.repeated:,} training inputs repeat an earlier one"
    near = copies.nearly_repeated
    return Finding("repeats", f"{text}, and {near:,} are nearly another one" if near else text)


def _copies(whole: WholeData, copies: Copies) -> tuple[Finding, ...]:
    n = whole.test.n
    leaked, near = copies.leaked, copies.nearly_leaked
    leaks = f"{leaked:,} of {n:,} test inputs are also training inputs"
    if near:
        leaks += f", and {near:,} more are nearly one"
    torn = _conflicts(whole, copies)
    conflicts = f"{torn:,} inputs come with more than one label"
    findings = [
        Finding("leaks", leaks, warns=leaked + near > 0, on_claim=True, rows=leaked + near),
        Finding("conflicts", conflicts, warns=torn > 0, on_claim=True),
    ]
    groups = count_groups(copies.test_groups)
    if groups is not None:
        text = f"{n:,} test inputs in {groups:,} groups of inputs that belong together"
        findings.append(Finding("groups", text, warns=True, on_claim=True))
    return tuple(findings)


def _conflicts(whole: WholeData, copies: Copies) -> int:
    """Count the inputs that are equal and have unequal labels."""
    inputs = np.concatenate((copies.test, copies.train))
    labels = np.concatenate((whole.test.labels, whole.train.labels))
    kinds = np.unique(np.stack((inputs, labels), axis=1), axis=0)
    return int(np.count_nonzero(np.bincount(kinds[:, 0]) > 1))


def _compared(copies: Copies) -> Finding:
    """Say what was looked at for copies that are not equal, and what was not."""
    if not copies.compared:
        text = f"not looked for: fewer than {LEAST_FEATURES} numbers are close by chance"
        return Finding("near copies", text)
    text = f"looked for within {NEAR:.0%} of the spread of the inputs, not moved or turned"
    if beyond := copies.distinct - copies.compared:
        text += f"; {beyond:,} of {copies.distinct:,} distinct inputs were not looked at"
    if copies.near.crowded:
        text += f"; of {copies.near.crowded:,} inputs only the {NEIGHBOURS} nearest were"
    return Finding("near copies", text)


def _counts(examples: Examples, about: About) -> list[int]:
    counts: NDArray[np.intp] = np.bincount(examples.labels, minlength=len(about.classes))
    return [int(count) for count in counts]
