"""What the winner does otherwise than the baseline, in one line."""

from reports.numbers import points, scalar
from reports.record import StudyRecord
from reports.trials import baseline_trial, winner_trial

# So many changes are named; more would hide the answer that they explain.
NAMED = 8


def changes_words(record: StudyRecord) -> str:
    """Say what brought the gain where an ablation found it, else what differs; "" without either.

    A gain is in points, on the split and seeds of the ablation.
    """
    kept = (
        [step for step in record.confirmation.ablation if step.kept] if record.confirmation else []
    )
    if kept:
        steps = [f"{s.parameter} {s.before} → {s.after} ({points(s.gain)})" for s in kept]
        gained = any(
            one.against == "baseline" and one.answer == "BEATS"
            for one in (record.confirmation.comparisons if record.confirmation else ())
        )
        head = "What brought the gain" if gained else "What made a difference on validation"
        return f"{head}: {_listed(steps)}."
    best, base = winner_trial(record), baseline_trial(record)
    if best is None or base is None or best.number == base.number:
        return ""
    names = [p.name for p in record.space.parameters]
    changed = [
        f"{name} {scalar(base.config[name])} → {scalar(best.config[name])}"
        for name in names
        if name in base.config and name in best.config and base.config[name] != best.config[name]
    ]
    who = "the winner" if record.confirmation else "the best trial"
    return f"What {who} changes: {_listed(changed)}." if changed else ""


def _listed(items: list[str]) -> str:
    more = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
    return ", ".join(items[:NAMED]) + more
