"""A calibration in words, the same on the page, in the terminal and in a model card."""

from reports.calibration import BeforeAndAfter, Calibration
from reports.numbers import InputsWord, percent, plural


def calibration_words(calibration: Calibration, inputs: InputsWord) -> str:
    """Say what the temperature is and does, on which answers."""
    temperature = f"{calibration.temperature:.3g}"
    if calibration.helps:
        first = (
            f"The winner's probabilities are {_too(calibration)}: divide their logarithms by "
            f"{temperature}, the temperature."
        )
    else:
        first = (
            "The winner's probabilities are left as they are: what a temperature of "
            f"{temperature} changes may be chance."
        )
    found, test = calibration.validation, calibration.test
    networks = plural(calibration.networks, "network")
    second = (
        f"On validation {inputs} that {networks} of the race had not seen (n = {found.n:,} "
        f"answers, cross-fitted): {_changes(found)}."
    )
    sentences = [first, second]
    if test is not None:
        sentences.append(f"On the test {inputs} (n = {test.n:,}, one network): {_changes(test)}.")
    return " ".join(sentences)


def finding_words(calibration: Calibration, inputs: InputsWord) -> str:
    """Say the same in one short line."""
    temperature = f"{calibration.temperature:.3g}"
    if not calibration.helps:
        return f"Left as they are: what a temperature of {temperature} changes may be chance."
    found, split = calibration.test, "test"
    if found is None:
        found, split = calibration.validation, "validation"
    return f"Temperature {temperature}: {_errors(found)} ({split} {inputs}, n = {found.n:,})."


def _too(calibration: Calibration) -> str:
    return "too sure" if calibration.temperature > 1 else "not sure enough"


def _changes(found: BeforeAndAfter) -> str:
    ends = f"{found.low:+.4f} to {found.high:+.4f}".replace("-", "−")
    return (
        f"log loss from {found.before.log_loss:.4f} to {found.after.log_loss:.4f} nats (95 % "
        f"interval of the change {ends}), {_errors(found)}"
    )


def _errors(found: BeforeAndAfter) -> str:
    before, after = percent(found.before.error), percent(found.after.error)
    return f"expected calibration error from {before} to {after}"
