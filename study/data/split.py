"""Take a validation split from training data."""

from study.data.stratify import grouped, stratified
from study.data.values import Examples, SearchData, Split, TrainingData

VALIDATION_SHARE = 1 / 6


def split_data(training: TrainingData, split: Split | None) -> SearchData:
    """Return what one training may see; without a split, all examples and no validation.

    Both parts keep the examples' order and hold every class of two examples or more; with groups,
    as nearly as whole groups allow. Raises FaultError for a share out of 0-1, or where nothing can
    be held out.
    """
    examples = training.examples
    if split is None:
        return SearchData(training.about, examples, None)
    if training.groups is None:
        kept, held = stratified(examples.labels, split.share, split.seed)
    else:
        kept, held = grouped(examples.labels, training.groups, split.share, split.seed)
    return SearchData(
        training.about,
        Examples(examples.inputs[kept], examples.labels[kept]),
        Examples(examples.inputs[held], examples.labels[held]),
    )
