"""Which candidate weight plays the role of which baseline weight.

By an explicit map, else by shape, dtype, trainable flag, own names and initial value, else by behaviour; several may
make up one.  Never by order: what none of these tells apart is reported, with the request for a map.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.certify.findings import crashed
from pipeline.certify.interface import blocks
from pipeline.certify.interface.behaviour import Group, Matched, Probe, settle
from pipeline.certify.interface.listing import Listed, by_own_words, listed
from pipeline.certify.interface.mapfindings import describe
from pipeline.errors import ConfigError
from pipeline.frontend import tensor_variable
from pipeline.records import Finding, InputSpec, WeightRole


@dataclass(frozen=True)
class WeightMatch:
    """A bijection by role, as far as it goes.  Only a `complete` one may be the ground for later levels."""

    roles: tuple[str, ...]
    baseline_variables: tuple[Any, ...]
    candidate_variables: tuple[Any, ...]
    findings: tuple[Finding, ...]
    complete: bool
    weight_map: tuple[WeightRole, ...]


@dataclass
class _Progress:
    """What is paired and what is left while matching goes on.  `how` says by what each pair was found."""

    baseline: list[Listed]
    candidate: list[Listed]
    order: tuple[Listed, ...]  # the baseline's
    pairs: list[Matched] = field(default_factory=list)
    how: dict[str, str] = field(default_factory=dict)

    def pair(self, baseline: Listed, candidate: Listed, how: str) -> None:
        self.baseline.remove(baseline)
        self.candidate.remove(candidate)
        self.pairs.append((baseline, candidate))
        self.how[baseline.path] = how

    def stack(self, split: blocks.Split) -> None:
        """Puts the pair of a split, its parts as one, at the end of what is left."""
        pair = blocks.matched(split)
        for arm, left in enumerate((self.baseline, self.candidate)):
            gone = split.parts if arm == split.arm else (split.whole,)
            left[:] = [*(each for each in left if each not in gone), pair[arm]]
        if split.arm == 0:
            self.order = tuple(pair[0] if each is split.parts[0] else each for each in self.order)

    def groups(self, key: Callable[[Listed], Hashable]) -> list[tuple[list[Listed], list[Listed]]]:
        """What is left of both arms, grouped; only groups with members in both."""
        sides: dict[Hashable, tuple[list[Listed], list[Listed]]] = defaultdict(lambda: ([], []))
        for side, left in enumerate((self.baseline, self.candidate)):
            for each in left:
                sides[key(each)][side].append(each)
        return [group for group in sides.values() if group[0] and group[1]]


def _kind(each: Listed) -> Hashable:
    return each.shape, each.dtype, each.trainable, each.is_seed


def match_weights(
    baseline: Any,
    candidate: Any,
    inputs: tuple[InputSpec, ...],
    mapping: Mapping[str, str] | None = None,
    seed: int = 0,
) -> WeightMatch:
    """Pairs the variables of two built arms.  `mapping`: baseline path to candidate path, for some or all.

    Raises ConfigError where the mapping names a path that is not there, or two weights of different shapes.
    """
    left = listed(baseline)
    progress = _Progress(left, listed(candidate), tuple(left))
    _by_mapping(progress, mapping or {})
    for key in (_kind, lambda each: (*_kind(each), each.initial)):  # type: ignore[misc]
        _by_names_and_singles(progress, key)
    unsettled = [group for group in progress.groups(_kind) if len(group[0]) == len(group[1])]
    findings: list[Finding] = []
    probe = Probe(baseline, candidate, inputs, seed)
    _by_blocks(probe, progress, unsettled)
    if unsettled:
        settled, findings = _settled(probe, progress, unsettled)
        for first, second in settled:
            progress.pair(first, second, "behaviour: perturbed one at a time, both arms answer alike")
    undecided = any(finding.outcome in ("different", "inconclusive", "error") for finding in findings)
    if not undecided:
        for key in (lambda each: (each.shape, each.dtype, each.is_seed), lambda each: (each.shape, each.is_seed)):
            _by_names_and_singles(progress, key)
    return _result(progress, findings, undecided)


def _by_blocks(probe: Probe, progress: _Progress, groups: list[Group]) -> None:
    """Pairs what is one weight in one arm and several in the other."""
    try:
        splits = blocks.found(probe, progress.pairs, groups, progress.baseline, progress.candidate)
    except Exception:  # an arm that can't be called on the declared inputs: the weights stay unpaired, and that is told
        return
    for split in splits:
        progress.stack(split)
        how = f"{len(split.parts)} row blocks: the arms answer alike with drawn values"
        progress.pair(progress.baseline[-1], progress.candidate[-1], how)


def _settled(probe: Probe, progress: _Progress, groups: list[Group]) -> tuple[list[Matched], list[Finding]]:
    try:
        return settle(probe, progress.pairs, groups)
    except Exception as problem:  # an arm that can't be called on the declared inputs
        return [], [crashed("interface", "weights", problem)]


def _by_mapping(progress: _Progress, mapping: Mapping[str, str]) -> None:
    for first, second in mapping.items():
        pair = (_find(progress.baseline, first, "baseline"), _find(progress.candidate, second, "candidate"))
        if pair[0].shape != pair[1].shape:
            what = f"{pair[0].described} can't be {pair[1].described}"
            raise ConfigError("weights map", what, "pair weights of equal shape")
        progress.pair(*pair, "the given map")


def _find(left: list[Listed], path: str, arm: str) -> Listed:
    found = [each for each in left if each.path == path] or [each for each in left if each.path.endswith("/" + path)]
    if len(found) == 1:
        return found[0]
    what = f"the {arm} has {'several weights' if found else 'no unpaired weight'} called {path!r}"
    raise ConfigError("weights map", what, f"use one of: {', '.join(each.path for each in left) or 'none is left'}")


def _by_names_and_singles(progress: _Progress, key: Callable[[Listed], Hashable]) -> None:
    """Within each group: pairs equal own names, then what is alone on both sides."""
    for first, second in progress.groups(key):
        names = by_own_words(first), by_own_words(second)
        for words in sorted(names[0].keys() & names[1].keys(), key=sorted):
            if len(first) == len(second) > 1:
                progress.pair(names[0][words], names[1][words], f"its name: {' '.join(sorted(words))}")
    for first, second in progress.groups(key):
        if len(first) == len(second) == 1:
            progress.pair(first[0], second[0], "shape, dtype, trainable flag and initial value")


def _result(progress: _Progress, findings: list[Finding], undecided: bool) -> WeightMatch:
    pairs = sorted(progress.pairs, key=lambda pair: progress.order.index(pair[0]))
    roles = _roles([first for first, _ in pairs])
    left = [*progress.baseline, *progress.candidate]
    complete = not undecided and all(each.is_seed for each in left)
    return WeightMatch(
        roles,
        tuple(first.variable for first, _ in pairs),
        tuple(second.variable for _, second in pairs),
        (*describe(pairs, progress.how, progress.baseline, progress.candidate, undecided), *findings),
        complete,
        tuple(
            WeightRole(role=role, shape=first.shape, baseline=first.path, candidate=second.path)
            for role, (first, second) in zip(roles, pairs, strict=True)
        ),
    )


def _roles(baseline: list[Listed]) -> tuple[str, ...]:
    """Baseline paths, numbered where two weights share one."""
    seen: dict[str, int] = defaultdict(int)
    roles = []
    for each in baseline:
        seen[each.path] += 1
        roles.append(each.path if seen[each.path] == 1 else f"{each.path}#{seen[each.path]}")
    return tuple(roles)


def transplant(match: WeightMatch) -> None:
    """Gives the candidate the baseline's weights and state, role by role."""
    for source, target in zip(match.baseline_variables, match.candidate_variables, strict=True):
        variable = tensor_variable(target)
        variable.assign(tensor_variable(source).numpy().astype(variable.dtype.as_numpy_dtype))
