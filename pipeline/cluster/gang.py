"""A gang: the processes of one tf.distribute cluster, which start, work and end together."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import ray
from ray.util.placement_group import PlacementGroup
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from pipeline.cluster.member import WATCH, Member, Place
from pipeline.cluster.placing import WAIT_SECONDS, give_back, reserve
from pipeline.cluster.profile_environment import profile_environment
from pipeline.cluster.terms import GangLost, Terms
from pipeline.cluster.tf_config import Role, name, roles, tf_config, trainers
from pipeline.records import TrainTrial

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Seat:
    """A member as the driver knows it."""

    role: Role
    actor: Any
    place: Place

    @property
    def name(self) -> str:
        """`worker:1`, unique in its gang."""
        return name(self.role)

    def __str__(self) -> str:
        """`worker:1 host/node pid 1234`."""
        return f"{self.name} {self.place.host}/{self.place.node[:8]} pid {self.place.pid}"


@dataclass(frozen=True)
class Gang:
    """Processes that know each other's addresses, the chief first."""

    seats: tuple[Seat, ...]
    group: PlacementGroup

    def disband(self) -> None:
        """Ends the processes, whatever they are doing, and gives their places back."""
        _disband([seat.actor for seat in self.seats], self.group)


def form(trial: TrainTrial, terms: Terms) -> Gang:
    """A gang for the trial, and for all others of its strategy, profile and resources.

    NoPlaceError if it gets no places in time, GangLost if a member does not start; nothing of it is left then.
    """
    group, actors = reserve(trial, terms), list[Any]()
    try:
        actors.extend(_actor(group, index, trial) for index in range(trial.resources.processes))
        return Gang(_introduced(actors, roles(trial.cell.strategy), terms), group)
    except BaseException:
        _disband(actors, group)
        raise


def _actor(group: PlacementGroup, index: int, trial: TrainTrial) -> Any:
    """A fresh process in its place, with a thread more to be watched by."""
    options = {
        "num_cpus": trial.resources.cpus,
        "num_gpus": trial.resources.gpus,
        "scheduling_strategy": PlacementGroupSchedulingStrategy(group, index),
        "runtime_env": {"env_vars": _environment(trial)},
    }
    return ray.remote(concurrency_groups={WATCH: 1})(Member).options(**options).remote()


def _environment(trial: TrainTrial) -> dict[str, str]:
    """A TensorFlow server with one thread between operations waits for itself for ever: here one for each process."""
    variables = profile_environment(trial.profile)
    if len(trainers(trial.cell.strategy)) == trial.resources.processes:
        return variables
    return variables | {"TF_NUM_INTEROP_THREADS": str(trial.resources.processes)}


def _introduced(actors: Sequence[Any], jobs: Sequence[Role], terms: Terms) -> tuple[Seat, ...]:
    """Gives every member its TF_CONFIG.  Where all are on one node they meet on its loopback address."""
    places: list[Place] = _answers([actor.place.remote() for actor in actors], terms)
    one_node = len({place.node for place in places}) == 1
    hosts = [f"{LOOPBACK if one_node else place.ip}:{place.port}" for place in places]
    addresses = list(zip(jobs, hosts, strict=True))
    _answers([actor.join.remote(tf_config(addresses, job)) for actor, job in zip(actors, jobs, strict=True)], terms)
    return tuple(Seat(job, actor, place) for job, actor, place in zip(jobs, actors, places, strict=True))


def _answers(tasks: list[Any], terms: Terms) -> list[Any]:
    """What the members answer; GangLost if not all do in time."""
    seconds = terms.limits.start_seconds
    deadline, waiting = time.monotonic() + seconds, tasks
    while waiting:
        terms.check()
        if time.monotonic() > deadline:
            raise GangLost(f"{len(waiting)} of {len(tasks)} processes did not start within {seconds:g} s", "timeout")
        _, waiting = ray.wait(waiting, num_returns=len(waiting), timeout=WAIT_SECONDS)
    try:
        return list(ray.get(tasks))
    except ray.exceptions.RayError as error:
        raise GangLost(f"a process was lost at its start ({first_line(error)})") from error


def first_line(error: Exception) -> str:
    """The kind of an error and the first line of its message."""
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"


def _disband(actors: Sequence[Any], group: PlacementGroup) -> None:
    for actor in actors:
        with suppress(ray.exceptions.RayError):
            ray.kill(actor)
    give_back(group)
