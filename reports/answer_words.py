"""What is said beside the sentences of an answer: all in one line, in everyday words, trainings."""

from reports.numbers import InputsWord, percent, plural, size_words
from reports.record import Answer, Comparison, Confirmation, Trainings

_WHETHER = {
    "BEATS": "BEATS {}",
    "DOES NOT BEAT": "DOES NOT BEAT {}",
    "CAN'T TELL": "CAN'T TELL whether it beats {}",
}
_ALSO = {
    "BEATS": "it beats {}",
    "DOES NOT BEAT": "it does not beat {}",
    "CAN'T TELL": "whether it beats {} is open",
}
# What a gain over the baseline is worth once both cost the same.
_AT_SAME_SIZE = {
    "BEATS": "with the same epochs and width it still does",
    "DOES NOT BEAT": "with the same epochs and width the baseline does better",
    "CAN'T TELL": "with the same epochs and width the baseline may do as well",
}


def headline(confirmation: Confirmation) -> str:
    """Return the answers as one sentence, without what cannot be compared; "" without any."""
    against = {one.against: one for one in confirmation.comparisons}
    own = against.get("baseline")
    if own is None:
        return ""
    parts = [_WHETHER[own.answer].format("the baseline re-run here")]
    if confirmation.equal_compute is not None:
        parts.append(_same_size(own.answer, confirmation.equal_compute))
    published = against.get("published")
    if published is not None and published.interval is not None:
        parts.append(_ALSO[published.answer].format("the published number"))
    return "; ".join(parts) + "."


def plain_words(winner: str, comparison: Comparison, inputs: InputsWord = "images") -> str:
    """Say an interval as so many more or fewer of 1,000 inputs; "" where it is of no accuracy."""
    interval = comparison.interval
    if interval is None or comparison.measure is not None:
        return ""
    low, high = (1000 * end for end in (interval.low, interval.high))
    if low >= 0:
        found = f"{_many(low)} to {_many(high)} more"
    elif high <= 0:
        found = f"{_many(-high)} to {_many(-low)} fewer"
    else:
        found = f"between {_many(-low)} fewer and {_many(high)} more"
    return f"Of 1,000 such {inputs} {winner} gets {found} right."


def tested_size(confirmation: Confirmation, n: int, inputs: InputsWord) -> str:
    """Write on how many test inputs a confirmation's networks were tested."""
    first = next(iter(confirmation.comparisons), None)
    if first is None:
        return size_words(n)
    return size_words(n, first.groups, inputs, first.weighted_n)


def _many(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"


def trainings_words(trainings: Trainings) -> str:
    """Say how the trainings behind an answer ended."""
    return (
        f"{trainings.collapsed} of {plural(trainings.count, 'training')} of {trainings.candidate} "
        f"failed or collapsed, and up to {percent(trainings.up_to, 0)} could (95 %); "
        f"accuracy {percent(trainings.median)} in the median, {percent(trainings.worst)} at worst"
    )


def _same_size(own: Answer, same: Comparison) -> str:
    if own == "BEATS":
        return _AT_SAME_SIZE[same.answer]
    return _ALSO[same.answer].format("the baseline with the same epochs and width")
