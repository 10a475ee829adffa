"""The model card of a bundle."""

from reports.answer_words import headline
from reports.calibration_words import calibration_words
from reports.measure_words import value_words
from reports.numbers import percent, scalar
from reports.trials import confirmed_finals, scored
from reports.views.answer import asked
from search_spaces.measures import MEASURES
from study.bundle.column_words import column_words
from study.bundle.ingredients import Ingredients
from study.bundle.texts import templates
from study.config import config_from_params


def write_card(made_of: Ingredients) -> str:
    """Return the card as Markdown: what it is, verdict, data, config, limits, use, retraining."""
    record, choice = made_of.record, made_of.choice
    finals = confirmed_finals(record)
    baseline = config_from_params(record.space.baseline.params, "baseline")
    return (
        templates()
        .get_template("card.md.j2")
        .render(
            record=record,
            choice=choice,
            headline=headline(record.confirmation) if record.confirmation else "",
            asked=asked(record),
            config=choice.config,
            claim=choice.claim,
            about=made_of.training.about,
            features=made_of.features,
            train_n=made_of.training.examples.n,
            finals=finals,
            accuracies=[f"{percent(one.accuracy)} (seed {one.seed})" for one in finals],
            complete=len(scored(record)),
            differences=[
                (name, scalar(here), scalar(there))
                for name, (there, here) in baseline.changes_to(choice.config).items()
            ],
            source=made_of.trained.source,
            bright_background=made_of.bright_background,
            columns=_columns(made_of),
            measure_title=MEASURES[record.measure].title,
            own_value=value_words(record.measure, choice.claim.value),
            unit="rows" if made_of.preparation else "images",
            temperature=made_of.temperature,
            calibration=_calibration(made_of),
        )
    )


def _calibration(made_of: Ingredients) -> str:
    if made_of.calibration is None:
        return ""
    return calibration_words(made_of.calibration, made_of.record.data.inputs)


def _columns(made_of: Ingredients) -> list[tuple[str, str, str]]:
    """Return name, type and use of each column of a table; nothing for images."""
    about, config = made_of.training.about, made_of.choice.config
    if made_of.preparation is None:
        return []
    return column_words(about.columns, made_of.preparation, config.scaling)
