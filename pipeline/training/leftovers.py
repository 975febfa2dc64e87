"""What TensorFlow keeps of a trial's graphs until the process ends."""

from tensorflow.python.framework import ops

PREFIX = "CustomGradient-"


def drop() -> None:
    """Lets them go; call it when nothing traced so far will be differentiated again.

    Every all-reduce that is traced registers its gradient under a name of its own, for good, and that function holds
    the graph: some 13 MB a trial under a strategy.  TensorFlow (2.21) has no public way to take it out again.
    """
    registered = ops.gradient_registry._registry
    for name in [name for name in registered if name.startswith(PREFIX)]:
        del registered[name]
