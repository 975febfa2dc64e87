"""A page in headless Chromium, driven over its DevTools protocol."""

import asyncio
import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
    *("--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
)
SECONDS = 40.0  # for a page to show something

# Of the whole page, what is inside shadow roots and frames too.
EVERYWHERE = """
const inside = each => each.shadowRoot ?? each.contentDocument;
const everywhere = (selector, root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap(each => inside(each) ? everywhere(selector, inside(each)) : []),
];
"""


class Page:
    """An open page."""

    def __init__(self, runner: asyncio.Runner, socket: Any) -> None:
        self._runner, self._socket, self._last = runner, socket, 0

    def call(self, method: str, **params: Any) -> Any:
        """What the method of the DevTools protocol answers."""
        return self._runner.run(self._call(method, params))

    def go(self, url: str) -> None:
        """Opens the address anew: another anchor alone would load nothing."""
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=url)

    def tell(self, expression: str) -> Any:
        """The value of a JavaScript expression, in which `everywhere(selector)` is a list of elements."""
        answer = self.call(
            "Runtime.evaluate", expression=f"(() => {{{EVERYWHERE} return {expression}}})()", returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def wait(self, expression: str) -> Any:
        """The expression's value, as soon as that is true."""
        end = time.monotonic() + SECONDS
        while not (value := self.tell(expression)):
            if time.monotonic() > end:
                raise AssertionError(
                    f"not so within {SECONDS:.0f} s: {expression}\n{self.tell('document.body.innerText')}"
                )
            time.sleep(0.2)
        return value

    def picture(self, file: Path) -> None:
        """Writes what the page looks like, as PNG."""
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    async def _call(self, method: str, params: dict[str, Any]) -> Any:
        self._last += 1
        await self._socket.send_json({"id": self._last, "method": method, "params": params})
        while True:
            answer = await self._socket.receive_json(timeout=SECONDS)
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]


@contextmanager
def page(profile: Path, width: int = 1400, height: int = 1000) -> Iterator[Page]:
    """An empty page of that size; `profile` is a new folder for what the browser keeps."""
    process = subprocess.Popen(
        [_program(), *FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with asyncio.Runner() as runner:
            session, socket = runner.run(_connected(_port(profile / "DevToolsActivePort", process)))
            try:
                yield Page(runner, socket)
            finally:
                runner.run(session.close())
    finally:
        process.terminate()
        process.wait(20)


async def _connected(port: int) -> tuple[Any, Any]:
    session = aiohttp.ClientSession()
    async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
        (target,) = [each for each in json.loads(await answer.text()) if each["type"] == "page"]
    return session, await session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0)


def _port(file: Path, process: subprocess.Popen[bytes]) -> int:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        if file.is_file() and (lines := file.read_text().split()):
            return int(lines[0])
        time.sleep(0.1)
    raise AssertionError("the browser does not start")


def _program() -> str:
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise AssertionError("this test needs Chromium: `apt-get install chromium`, or Chrome on the PATH")
    return found
