"""Decide what to try next: baseline, enqueued, then the sampler's own; never silently twice."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reports.trial_record import Origin, TrialRecord
from search_spaces.active import baseline_params
from search_spaces.measures import MeasureName
from search_spaces.optuna_domains import full_params, searched_params
from search_spaces.parameters import Params, Scalar
from search_spaces.space import Space
from study.coordinator.asked_trials import AskedTrial
from study.coordinator.believing import BELIEVING, Believing
from study.coordinator.optuna_study import LiveStudy
from study.coordinator.samplers import LEARNING, OPTUNA_SAMPLERS, SEQUENCES
from study.engine.seeds import derive_seed, trial_seed
from study.executors.own_config import Config, config_in
from study.run_dir.search_options import Sampler

# How often a sampler is asked again for a config not seen before; then how often chance is tried.
SAMPLER_ATTEMPTS = 4
RANDOM_ATTEMPTS = 200
# How many points in a row of an endless sequence may all have been seen.
SEQUENCE_ATTEMPTS = 1000
# Under this word a trial notes which of the enqueued params it has.
_ENQUEUED = "enqueued"


Fits = Callable[[Config], bool]


@dataclass(frozen=True)
class _Suggestion:
    params: Params
    config: Config
    origin: Origin
    notes: Mapping[str, Any]


class Asking:
    """Give out trials in order; `note` is called whenever a config could not be a new one."""

    def __init__(
        self,
        space: Space,
        sampler: Sampler,
        seed: int,
        enqueued: tuple[Params, ...],
        note: Callable[[str], None],
        measure: MeasureName = "accuracy",
    ) -> None:
        self._live = LiveStudy(space, measure)
        self._believing = Believing(space, seed, measure)
        self._space = space
        self._sampler = sampler
        self._seed = seed
        self._enqueued = enqueued
        self.has_time = True
        self._tried = 0
        self._note = note
        self._seen: set[str] = set()
        self._points: Iterator[dict[str, Scalar]] | None = None
        if sampler in SEQUENCES:
            self._points = SEQUENCES[sampler](space, derive_seed(seed, "suggest"))

    def restore(self, asked: AskedTrial) -> None:
        """Take in a trial that an earlier process asked."""
        self._seen.add(asked.config.key)
        self._tried = max(self._tried, asked.notes.get(_ENQUEUED, -1) + 1)
        self._live.adopt(asked.order, asked.params, asked.notes)
        self._believing.restore(asked.order, asked.notes)

    def release(self, order: int, record: TrialRecord) -> None:
        """Let what is suggested from now on depend on how a trial ended."""
        self._live.release(order, record)
        self._believing.end(order, record)

    def ask(self, number: int, order: int, fits: Fits = lambda _: True) -> AskedTrial | None:
        """Return the next trial; None when the whole space has been tried, or none `fits`.

        Where it is only that there is no time for what is suggested, `has_time` is False from then
        on. Cheaper configs are looked for before.
        """
        found = self._baseline() if order == 0 else self._next_enqueued(order)
        found = found or self._suggest(order, fits)
        if found is not None and not fits(found.config):
            self._live.drop(order)
            self.has_time = False
            return None
        if found is None:
            return None
        self._seen.add(found.config.key)
        self._believing.restore(order, found.notes)
        seed = trial_seed(self._seed, order)
        return AskedTrial(
            number, order, found.origin, found.params, found.config, seed, notes=found.notes
        )

    def _baseline(self) -> _Suggestion:
        params = baseline_params(self._space)
        searched = searched_params(self._space, params)
        self._live.adopt(0, searched, {})
        return _Suggestion(searched, config_in(self._space, params), "baseline", {})

    def _next_enqueued(self, order: int) -> _Suggestion | None:
        while self._tried < len(self._enqueued):
            given = self._enqueued[self._tried]
            self._tried += 1
            found = self._draw(order, self._sampler, 0, given)
            if found.config.key not in self._seen:
                notes = {**found.notes, _ENQUEUED: self._tried - 1}
                return replace(found, origin="enqueued", notes=notes)
            self._live.drop(order)
            self._note(f"enqueued params skipped, since they were tried before: {given}")
        return None

    def _suggest(self, order: int, fits: Fits) -> _Suggestion | None:
        if self._points is not None:
            return self._from_sequence(order, self._points)
        names: list[Sampler] = [self._sampler] * SAMPLER_ATTEMPTS + ["random"] * RANDOM_ATTEMPTS
        believed = self._believing.given(order) if self._sampler in LEARNING else {}
        found = self._draw(order, names[0], 0, believed)
        if believed:
            found = replace(found, notes={**found.notes, BELIEVING: True})
        for attempt, name in enumerate(names[1:], 1):
            if found.config.key not in self._seen and fits(found.config):
                return found
            self._live.drop(order)
            found = self._draw(order, name, attempt, {})
        if not fits(found.config):
            return found
        self._note(f"no config is left to try: {found.params} runs again under a new seed")
        return replace(found, origin="repeat")

    def _draw(self, order: int, name: Sampler, attempt: int, given: Params) -> _Suggestion:
        make = OPTUNA_SAMPLERS.get(name, OPTUNA_SAMPLERS["random"])
        sampler = make(derive_seed(self._seed, "suggest", order, attempt))
        params, notes = self._live.suggest(order, sampler, given)
        config = config_in(self._space, full_params(self._space, params))
        return _Suggestion(params, config, "search", notes)

    def _from_sequence(self, order: int, points: Iterator[dict[str, Scalar]]) -> _Suggestion | None:
        limit = math.inf if self._sampler == "grid" else SEQUENCE_ATTEMPTS + len(self._seen)
        for tried, params in enumerate(points):
            config = config_in(self._space, full_params(self._space, params))
            if config.key not in self._seen:
                self._live.adopt(order, params, {})
                return _Suggestion(params, config, "search", {})
            if tried > limit:
                break
        self._note(f"every point of the sampler {self._sampler} was tried")
        return None
