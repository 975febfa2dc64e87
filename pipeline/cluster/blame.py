"""What Ray says became of a worker, as the category of a failure."""

import ray

from pipeline.records import FailureCategory


def category_of(error: Exception) -> FailureCategory:
    """Out of memory where Ray's memory monitor killed it; a worker that anything else killed is just gone."""
    if isinstance(error, ray.exceptions.OutOfMemoryError):
        return "out_of_memory"
    if isinstance(error, ray.exceptions.RayActorError) and error.preempted:
        return "preempted"
    if isinstance(error, ray.exceptions.TaskUnschedulableError | ray.exceptions.ActorUnschedulableError):
        return "infeasible"
    return "infrastructure"
