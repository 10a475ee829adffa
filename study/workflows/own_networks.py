"""Faults in a user's own networks: found before anything is trained, or where no answer can be."""

from collections.abc import Iterable

from reports.record import StudyRecord
from reports.trials import baseline_trial, scored, trial_name
from search_spaces.faults import Fault, FaultError
from search_spaces.parameters import Params
from study.data.values import About
from study.networks.tasks import OpenAsk, SummarizeOwn


def check_own_networks(open_ask: OpenAsk, asked: Iterable[Params], about: About) -> None:
    """Raise FaultError with what is wrong with each network, the tracebacks in the log."""
    faults: list[Fault] = []
    with open_ask() as ask:
        for params in asked:
            try:
                ask(SummarizeOwn(params, about))
            except FaultError as error:
                faults += error.faults
    if faults:
        raise FaultError(*faults)


def check_own_trials(record: StudyRecord) -> None:
    """Raise FaultError with why trials failed, where the baseline or every candidate did."""
    complete = [one for one in scored(record) if one.origin != "baseline"]
    if baseline_trial(record) is not None and complete:
        return
    failed = [one for one in record.trials if one.state == "failed"]
    allowed = "a function that trains, under a new name; workers.txt has more"
    raise FaultError(
        *(Fault(f"{trial_name(one)} failed", one.reason or "", allowed=allowed) for one in failed)
    )
