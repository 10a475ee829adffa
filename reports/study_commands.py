"""Commands about a study that its page gives to copy: repeat it, go on, take it away."""

from reports.command_lines import quoted
from reports.data_flags import data_file, data_flags
from reports.record import StudyRecord
from reports.stopped import NEVER
from reports.trials import best_trial
from reports.unfinished import going_on, interrupted_words
from search_spaces.measures import MEASURES
from search_spaces.shipped import shipped_names


def commands(record: StudyRecord) -> tuple[str, ...]:
    """Return the commands that repeat, confirm and take away this study.

    A space or data set that does not come with the product is named by a file: its user's own. What
    was given by a program is repeated by a program.
    """
    name = quoted(record.name)
    others: tuple[str, ...] = (f"confirm {name}", f"show {name} --json", f"export {name}")
    if record.space.network == "own":
        others = (f"show {name} --json", f"report {name}")
    return (_again(record, name), *(f"dense-study {other}" for other in others))


def _again(record: StudyRecord, name: str) -> str:
    asked = MEASURES[record.measure].asked
    if record.candidates == "given":
        given = dict(record.read_as.given())
        given |= {"name": record.name, "seed": record.seed, "jobs": record.jobs}
        if asked != "accuracy":
            given["measure"] = asked
        if record.space.network != "own":
            given["folds"] = record.folds
        own = "build=build, " if record.space.network == "own" else ""
        options = ", ".join(f"{key}={value!r}" for key, value in given.items())
        return (
            f"study.verdict_for(candidates, {data_file(record)!r}, {own}{options})"
            "  # in Python, with the same candidates and baseline"
        )
    space = record.space.name
    space = quoted(space if space in shipped_names() else f"{space}.toml")
    rule = "" if record.stop_when == NEVER else f" --stop-when {quoted(record.stop_when)}"
    measure = "" if asked == "accuracy" else f" --measure {asked}"
    return (
        f"dense-study run {space} {data_flags(record)} --trials "
        f"{record.trials_asked} --seed {record.seed} --jobs {record.jobs} --sampler "
        f"{quoted(record.sampler)} --pruner {quoted(record.pruner)} --folds {record.folds} "
        f"--name {name}{measure}{rule}"
    )


def next_step(record: StudyRecord) -> str:
    """Return the command that comes next: resume, confirm, or the bundle.

    It is "" where nothing is complete.
    """
    if interrupted_words(record):
        return going_on(record)
    if best_trial(record) is None:
        return ""
    if record.space.network == "own":
        return commands(record)[0] if record.confirmation is None else ""
    _, confirm, _, export = commands(record)
    return confirm if record.confirmation is None else export


def trial_commands(record: StudyRecord) -> tuple[tuple[str, ...], ...]:
    """Return the commands that train a trial's config again, in pieces: its number goes between.

    No command trains a network that a user's own function builds.
    """
    if record.space.network == "own":
        return ()
    export = f"dense-study export {quoted(record.name)} --trial "
    return (
        (export, " --config-format toml --out trial-", ".toml"),
        ("dense-study train trial-", f".toml {data_flags(record)}"),
    )
