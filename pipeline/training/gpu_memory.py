"""How much memory a GPU has, told by its driver's own tool: TensorFlow says it only after it has taken the GPU."""

import os
import subprocess

from pipeline.errors import TrialError

QUERY = ("nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits")


def share_mib(index: int, share: float) -> int:
    """That share of the memory of this process's GPU of that index, in MiB.  Raises TrialError if no driver answers."""
    visible = [name.strip() for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name.strip()]
    name = visible[index] if index < len(visible) else str(index)
    try:
        command = [*QUERY, f"--id={name}"]  # the name is this process's own, not a user's text
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)  # noqa: S603
        return int(float(answer.stdout.split()[0]) * share)
    except (OSError, subprocess.SubprocessError, IndexError, ValueError) as error:
        message = f"a share of GPU {name} was asked for, and nvidia-smi does not tell its memory ({error})"
        raise TrialError("infrastructure", message) from error
