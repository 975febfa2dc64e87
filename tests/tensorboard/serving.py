"""Asks a TensorBoard that is starting up."""

import json
import time
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen


def ask(url: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=30) as answer:
        return json.load(answer)


def wait_for(url: str, run: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if run in ask(f"{url}data/runs"):
                return
        except URLError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"no run {run} at {url}")
