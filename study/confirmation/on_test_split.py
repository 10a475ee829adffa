"""Open the test split for trained weights, once, and keep what they said about it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reports.opening import Opening, Purpose, Uncounted, opening_words
from search_spaces.measures import MeasureName
from study.confirmation.evaluated import (
    Evaluated,
    Pair,
    needs_losses,
    read_evaluated,
    write_evaluated,
)
from study.confirmation.weight_files import WeightFiles
from study.confirmation.whole_preparation import whole_preparation
from study.data.load import LoadedData
from study.data.prepared import feature_count, prepared_inputs
from study.data.row_values import row_values
from study.executors.own_config import Config
from study.networks.tasks import OpenAsk, classify_task, summary_task
from study.run_dir.confirm_options import AUTO_LOOKS
from study.run_dir.elsewhere import openings_elsewhere
from study.run_dir.ledger import known_openings, open_ledger
from study.run_dir.opening_count import count_before, opening_number
from study.run_dir.paths import RunDirectory
from study.run_dir.summaries import read_summaries
from study.vault import open_test


@dataclass(frozen=True)
class OpeningCount:
    """Which opening of a test split the last one is, and how many were made by other studies.

    `uncounted` says why the user's own ledger may hold more.
    """

    number: int
    elsewhere: int
    uncounted: Uncounted | None = None

    @property
    def words(self) -> str:
        """Return the count as a clause."""
        return opening_words(self.number, self.elsewhere, self.uncounted)


@dataclass(frozen=True)
class TestAccess:
    """What an opening needs: the run, the loaded data, a way to ask about networks, a UTC clock.

    `noted` are the openings that an earlier confirmation has written down, `measure` is what the
    study answers on.
    """

    run: RunDirectory
    loaded: LoadedData
    open_ask: OpenAsk
    now: Callable[[], str]
    noted: tuple[Opening, ...] = ()
    measure: MeasureName = "accuracy"

    def openings(self) -> tuple[Opening, ...]:
        """Return every opening that is known of; raises FaultError."""
        return known_openings(open_ledger(self.run), self.noted)[0]

    def count(self) -> OpeningCount:
        """Count the openings of this test split up to this study's last one; raises FaultError."""
        own = self.openings()
        others = openings_elsewhere(self.run, self.loaded.test.identity)
        elsewhere = count_before(own, others.ledgers)
        return OpeningCount(opening_number(own) + elsewhere, elsewhere, others.uncounted)


def evaluate(
    access: TestAccess,
    networks: Mapping[str, Config],
    pair: Pair | None,
    purpose: Purpose,
) -> Evaluated:
    """Return the test predictions of networks (config by weights hash).

    One opening serves all that were not evaluated before; none is made where all were, and one that
    was interrupted is continued. The process that evaluates is ready before, so that a machine that
    cannot evaluate opens nothing. Of `pair`, differing images, model summaries and the
    winner's probabilities are kept.
    """
    before = read_evaluated(access.run)
    known = dict(before.classes) if before else {}
    losses = dict(before.losses) if before else {}
    sure = dict(before.probabilities) if before else {}
    missing = [one for one in networks if before is None or not before.holds(one, access.measure)]
    if before is not None and not missing:
        return before
    weights = {one: WeightFiles(access.run).load(one) for one in missing}
    training = access.loaded.training
    about = training.about
    configs = {config.key: config for config in networks.values()}
    preparations = {key: whole_preparation(training, config) for key, config in configs.items()}
    ledger = open_ledger(access.run)
    with access.open_ask() as ask:
        examples = open_test(
            access.loaded.test, ledger, purpose, missing, access.now(), may_continue=True
        )
        for one in missing:
            inputs = prepared_inputs(examples.inputs, preparations[networks[one].key])
            found = ask(classify_task(networks[one], weights[one], inputs, about))
            known[one] = np.argmax(found, axis=1).astype(np.int32)
            if pair is not None and one == pair.winner:
                sure[one] = found
            if needs_losses(access.measure):
                own = row_values(access.measure, found, examples.labels)
                losses[access.measure, one] = own.astype(np.float32)
        for name, one in pair.names.items() if pair else ():
            features = feature_count(training, preparations[networks[one].key])
            _write_summary(access.run, name, ask(summary_task(networks[one], features, about)))
    images = dict(before.images) if before else {}
    evaluated = Evaluated(
        examples.labels, known, images, examples.groups, losses, sure, examples.weights
    )
    if pair is not None:
        images |= {index: examples.inputs[index] for index in evaluated.differing(pair)}
    write_evaluated(access.run, evaluated)
    return evaluated


def _write_summary(run: RunDirectory, name: str, text: str) -> None:
    texts = read_summaries(run)
    run.write_text(run.summaries, json.dumps({**texts, name: text}, indent=1))


def standing_looks(
    openings: Sequence[Opening], winner: str, asked: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the numbers of seeds to answer on: those asked for, unless more were seen already.

    What a final with more seeds has shown stands. To answer again on fewer of them would be another
    look for free. `asked` is one number, or the planned looks.
    """
    purposes = [opening.purpose for opening in openings if opening.purpose is not None]
    finals = [one for one in purposes if one.stage == "final" and one.candidate == winner]
    single = max((one.seeds or 0 for one in finals if one.look is None), default=0)
    planned = max((one.seeds or 0 for one in finals if one.look is not None), default=0)
    if single > asked[0]:
        return (single,)
    return AUTO_LOOKS if planned >= asked[0] else asked
