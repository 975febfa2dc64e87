"""Node labels that trials ask for.  They name kinds of machines, never one of them."""

from pipeline.records import Resources

ACCELERATOR_LABEL = "ray.io/accelerator-type"  # Ray sets it where it finds the accelerator; `ray start --labels` can


def accelerator_labels(needs: Resources) -> dict[str, str]:
    """What the node of a process with these needs must be labelled with."""
    return {ACCELERATOR_LABEL: needs.accelerator} if needs.accelerator else {}
