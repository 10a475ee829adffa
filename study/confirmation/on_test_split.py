"""Open the test split for trained weights, once, and keep what they said about it."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reports.record import Opening
from study.config import TrainConfig
from study.confirmation.evaluated import Evaluated, Pair, read_evaluated, write_evaluated
from study.confirmation.weight_files import WeightFiles
from study.data.load import LoadedData
from study.networks.tasks import Classify, OpenAsk, Shape, Summarize
from study.run_dir.confirm_options import AUTO_LOOKS
from study.run_dir.ledger import open_ledger
from study.run_dir.paths import RunDirectory
from study.vault import open_test


@dataclass(frozen=True)
class TestAccess:
    """What an opening needs: the run, the loaded data, a way to ask about networks, a UTC clock."""

    run: RunDirectory
    loaded: LoadedData
    open_ask: OpenAsk
    now: Callable[[], str]


def evaluate(
    access: TestAccess, networks: Mapping[str, TrainConfig], pair: Pair | None, why: str
) -> Evaluated:
    """Return the test predictions of networks (config by weights hash).

    One opening serves all that were not evaluated before; none is made where all were. The
    process that evaluates is ready before, so that a machine that cannot evaluate opens nothing.
    Of `pair`, differing images and model summaries are kept.
    """
    before = read_evaluated(access.run)
    known = dict(before.classes) if before else {}
    missing = [one for one in networks if one not in known]
    if before is not None and not missing:
        return before
    weights = {one: WeightFiles(access.run).load(one) for one in missing}
    about = access.loaded.training.about
    ledger = open_ledger(access.run)
    with access.open_ask() as ask:
        examples = open_test(access.loaded.test, ledger, why, missing, access.now())
        for one in missing:
            found = ask(Classify(networks[one], weights[one], examples.inputs, about))
            known[one] = np.argmax(found, axis=1).astype(np.int32)
        features = examples.inputs.shape[1]
        for name, one in pair.names.items() if pair else ():
            shape = Shape(networks[one], features, len(about.classes))
            _write_summary(access.run, name, ask(Summarize(shape)))
    images = dict(before.images) if before else {}
    evaluated = Evaluated(examples.labels, known, images)
    if pair is not None:
        images |= {index: examples.inputs[index] for index in evaluated.differing(pair)}
    write_evaluated(access.run, evaluated)
    return evaluated


def _write_summary(run: RunDirectory, name: str, text: str) -> None:
    texts = json.loads(run.summaries.read_text()) if run.summaries.exists() else {}
    run.write_text(run.summaries, json.dumps({**texts, name: text}, indent=1))


def opening_number(openings: Sequence[Opening]) -> int:
    """Count the openings that widen the interval.

    A planned look that follows the look before it is paid for by the looks' own levels; the same
    weights opened again (after a crash) tell nothing new.
    """
    seen: set[tuple[str, ...]] = set()
    counted = 0
    before: int | None = None
    for opening in openings:
        look = look_of(opening.why)
        follows = look is not None and look > 1 and before == look - 1
        counted += not follows and opening.weights not in seen
        seen.add(opening.weights)
        before = look
    return max(1, counted)


_LOOK = "look "
_SEEDS = re.compile(r"(\d+) seeds a side")


def final_words(winner: str, seeds: int) -> str:
    """Say which final an opening is for."""
    return f"final of {winner} and baseline, {seeds} seeds a side"


def standing_looks(
    openings: Sequence[Opening], winner: str, asked: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the numbers of seeds to answer on: those asked for, unless more were seen already.

    What a final with more seeds has shown stands. To answer again on fewer of them would be another
    look for free. `asked` is one number, or the planned looks.
    """
    single = max(_opened_seeds(openings, winner, planned=False), default=0)
    planned = max(_opened_seeds(openings, winner, planned=True), default=0)
    if single > asked[0]:
        return (single,)
    return AUTO_LOOKS if planned >= asked[0] else asked


def _opened_seeds(openings: Sequence[Opening], winner: str, planned: bool) -> list[int]:
    found = []
    for opening in openings:
        seeds = _SEEDS.search(opening.why)
        is_final = seeds and opening.why.startswith(final_words(winner, int(seeds[1])))
        if seeds and is_final and planned == (look_of(opening.why) is not None):
            found.append(int(seeds[1]))
    return found


def look_words(look: int, planned: int) -> str:
    """Say which look of how many an opening is."""
    return f"{_LOOK}{look} of {planned}"


def look_of(why: str) -> int | None:
    """Return the number of the planned look that an opening's reason names, if it names one."""
    _, found, rest = why.rpartition(_LOOK)
    number = rest.split(" ")[0]
    return int(number) if found and number.isdigit() else None
