"""Take a validation split from training data."""

from study.data.stratify import stratified
from study.data.values import Examples, SearchData, Split, TrainingData

VALIDATION_SHARE = 1 / 6


def split_data(training: TrainingData, split: Split | None) -> SearchData:
    """Return what one training may see; without a split, all examples and no validation.

    Both parts keep the examples' order and hold every class. Raises FaultError where that cannot
    be: a share out of 0-1, or a class with fewer than two images.
    """
    examples = training.examples
    if split is None:
        return SearchData(training.about, examples, None)
    kept, held = stratified(examples.labels, split.share, split.seed)
    return SearchData(
        training.about,
        Examples(examples.inputs[kept], examples.labels[kept]),
        Examples(examples.inputs[held], examples.labels[held]),
    )
