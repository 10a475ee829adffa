"""Cards on what mattered: importance and ablation."""

from reports.blocks import Block, Card, Chart, Charts, NotYet
from reports.confirm_command import confirm_command
from reports.figures.confirmed import Estimate, estimates_figure
from reports.measure_words import difference_words, drawn_differences
from reports.numbers import percent, plural
from reports.record import AblationStep, StudyRecord
from reports.tables import Column, Kind, Table
from reports.views.importance import ENOUGH, FEWEST, Importances
from search_spaces.measures import MEASURES


def importance_card(view: Importances) -> Card:
    """Show which parameters separate the good trials from all trials."""
    blocks: tuple[Block, ...] = (
        NotYet(f"importance needs {FEWEST} complete trials and there are {view.trials}."),
    )
    meaning = (
        "Bars are 90 % intervals of a bootstrap over trials. Importance says which parameters "
        "separate good trials from the others in this search. Which change brings a gain is "
        "measured by the ablation."
    )
    notes = [meaning]
    if view.rows:
        blocks = (Charts((_importance_chart(view),)),)
    if view.rows and view.few:
        notes.append(
            f"Unstable: {plural(view.trials, 'complete trial')}; with fewer than {ENOUGH} the "
            "order is rarely reliable."
        )
    return Card(
        "importance",
        "Which parameters mattered in the search?",
        "A wide interval or an open circle means that another search could rank them differently.",
        blocks,
        tuple(notes) if view.rows else (),
        f"Largest share: {view.rows[0].parameter}, {percent(view.rows[0].share, 0)}"
        f"{' (unstable)' if view.few else ''}."
        if view.rows
        else "",
    )


def _importance_chart(view: Importances) -> Chart:
    estimates = tuple(Estimate(r.parameter, r.share, r.low, r.high, r.unstable) for r in view.rows)
    figure = estimates_figure(
        estimates, "share of importance", ".0%", "unstable: read with care", "stable"
    )
    table = Table(
        (
            Column("parameter"),
            Column("share", "share"),
            Column("5 %", "share"),
            Column("95 %", "share"),
            Column("unstable"),
        ),
        tuple((r.parameter, r.share, r.low, r.high, r.unstable) for r in view.rows),
    )
    caption = f"Importance by PED-ANOVA from {view.trials:,} complete trials."
    return Chart("importance", figure, caption, table)


def ablation_card(record: StudyRecord) -> Card:
    """Show what each change from baseline to winner brought when retrained."""
    steps = record.confirmation.ablation if record.confirmation else ()
    blocks: tuple[Block, ...] = (
        NotYet(f"no ablation was run: {confirm_command(record, ablate=True)}"),
    )
    finding = ""
    if steps:
        measure = MEASURES[record.measure]
        times, unit = drawn_differences(record.measure, steps[0].split)
        estimates = tuple(
            Estimate(
                f"{s.parameter}: {s.before} → {s.after}",
                times * s.gain,
                times * s.interval.low if s.interval else None,
                times * s.interval.high if s.interval else None,
                not s.kept,
            )
            for s in steps
        )
        form = "+.2f" if times > 1 else "+.4f"
        figure = estimates_figure(
            estimates, f"gain of this step, {unit}", form, "not needed", "kept"
        )
        kept = [s for s in steps if s.kept]
        together = measure.oriented(sum(s.gain for s in kept))
        gained = difference_words(measure.name, together)
        caption = (
            f"Retrained with {plural(steps[0].seeds, 'paired seed')} at each step. "
            f"{plural(len(kept), 'change')} ({', '.join(s.parameter for s in kept) or 'none'}) "
            f"kept: together {gained}. {_seeds_of(steps)}"
        )
        blocks = (Charts((Chart("ablation", figure, caption, _ablation_table(steps, times > 1)),)),)
        finding = f"Kept: {', '.join(s.parameter for s in kept) or 'none'}; together {gained}."
    return Card(
        "ablation",
        "Which changes brought the gain?",
        "From the baseline, one change at a time; an interval that includes zero may be no gain.",
        blocks,
        finding=finding,
    )


def _seeds_of(steps: tuple[AblationStep, ...]) -> str:
    """Say which seeds the gains are of, and what their intervals hold for."""
    intervals = [step.interval for step in steps if step.interval]
    if len(steps) == 1 or not intervals:
        return "Bars are 95 % intervals."
    level = intervals[0].level
    if level == 0.95:
        return (
            "Bars are 95 % intervals of one step each, on the seeds that chose the steps: the "
            "first steps look better than they are."
        )
    return (
        f"Gains are of seeds that chose no step. Bars are {percent(level)} intervals, so that all "
        f"{len(steps)} hold together in 95 % of ablations."
    )


def _ablation_table(steps: tuple[AblationStep, ...], of_fractions: bool) -> Table:
    kind: Kind = "points" if of_fractions else "number"
    return Table(
        (
            Column("parameter"),
            Column("before"),
            Column("after"),
            Column("gain (points)" if of_fractions else "difference", kind),
            Column("low", kind),
            Column("high", kind),
            Column("paired seeds", "count"),
            Column("split"),
            Column("kept"),
        ),
        tuple(
            (
                s.parameter, s.before, s.after, s.gain,
                s.interval.low if s.interval else None,
                s.interval.high if s.interval else None, s.seeds, s.split, s.kept,
            )
            for s in steps
        ),
    )  # fmt: skip
