"""A connection to a cluster's job server, with its token, and errors that a user can act on."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import ClusterError
from pipeline.store.place import Place, located

TOKEN_VARIABLES = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
MESSAGE_LENGTH = 300
TOKEN_FILE = Path("~/.ray/auth_token")
NO_AGENT, AGENT_SECONDS = "No available agent", 60.0
_CHATTY = ("ray.dashboard.modules.dashboard_sdk", "ray.dashboard.modules.job.sdk")
USUAL_ADDRESS = "http://127.0.0.1:8265"


@contextmanager
def job_client(address: str | None) -> Iterator[Any]:
    """Ray's JobSubmissionClient for the address (default: RAY_API_SERVER_ADDRESS, RAY_ADDRESS, this machine's 8265).

    ClusterError, from here and from inside the block, if the server can't be reached, refuses the token, or refuses a
    request.
    """
    from ray.exceptions import AuthenticationError, RayError
    from ray.job_submission import JobSubmissionClient

    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    where = address or os.environ.get("RAY_API_SERVER_ADDRESS") or os.environ.get("RAY_ADDRESS") or USUAL_ADDRESS
    try:
        yield JobSubmissionClient(where)
    except AuthenticationError as error:
        remedy = "set RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH to the cluster's token (`ray get-auth-token` on its head)"
        raise ClusterError(where, "refuses the token, or the lack of one", remedy) from error
    except OSError as error:
        remedy = "check --address and that the head's dashboard port can be reached (a tunnel, a port-forward)"
        raise ClusterError(where, f"no job server can be reached ({type(error).__name__})", remedy) from error
    except (RuntimeError, ValueError, RayError) as error:
        text = " ".join(str(error).split())[:MESSAGE_LENGTH]
        raise ClusterError(where, f"the job server refuses ({text})", "see its dashboard, or `ray job list`") from error


def submitted(client: Any, **request: Any) -> str:
    """Submits the job, waiting for the agent that starts jobs: a new head answers some seconds before it can."""
    deadline = time.monotonic() + AGENT_SECONDS
    while True:
        try:
            return str(client.submit_job(**request))
        except RuntimeError as error:
            if NO_AGENT not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(1)


def run_dir_of(client: Any, job: str) -> tuple[str, Place]:
    """The job's state, and the run directory that it was submitted with.  ClusterError if it was submitted without."""
    details = client.get_job_info(job)
    folder = (details.metadata or {}).get("run_dir")
    if folder is None:
        remedy = "give the run directory itself, or submit by `python -m jobs.submit`"
        raise ClusterError(job, "does not say what its run directory is", remedy)
    return str(getattr(details.status, "value", details.status)), located(folder)


def use_token() -> None:
    """Turns token authentication on where a token is there and nobody has said otherwise; before Ray is imported.

    Ray's own job client does not: it then asks without the token, and gets 401.
    """
    there = any(os.environ.get(name) for name in TOKEN_VARIABLES) or TOKEN_FILE.expanduser().is_file()
    if there:
        os.environ.setdefault("RAY_AUTH_MODE", "token")
