"""The model card of a bundle."""

from reports.answer_words import headline
from reports.numbers import percent, scalar
from reports.trials import confirmed_finals, scored
from reports.views.answer import asked
from search_spaces.active import baseline_params
from study.bundle.ingredients import Ingredients
from study.bundle.texts import templates


def write_card(made_of: Ingredients) -> str:
    """Return the card as Markdown: what it is, verdict, data, config, limits, use, retraining."""
    record, choice = made_of.record, made_of.choice
    finals = confirmed_finals(record)
    baseline = baseline_params(record.space)
    here = choice.config.as_params()
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
                (name, scalar(value), scalar(baseline[name]))
                for name, value in here.items()
                if value != baseline[name]
            ],
            source=made_of.trained.source,
            bright_background=made_of.bright_background,
        )
    )
