"""Headless Chromium over the DevTools protocol, through a pair of pipes: no port, no driver, no dependency."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # the tests run as root, and the page is our own
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
_MOST_SHOWN = 3000  # pixels of CSS
_TIMEOUT = 30  # seconds until Chromium has ended


class ChromiumMissing(Exception):
    """The tests in a browser need one."""


@contextmanager
def started(folder: Path) -> Iterator[Chromium]:
    """A browser that keeps what it writes in this folder, and ends with the block."""
    program = shutil.which("chromium")
    if program is None:
        raise ChromiumMissing("there is no chromium: `make test-packages` installs it (apt-get install chromium)")
    with ExitStack() as pipes:
        theirs, commands = _pipe(pipes)
        answers, their_answers = _pipe(pipes)
        # The protocol has its pipes at 3 and 4; a shell puts them there, whichever numbers they have here.
        shell = f'exec "$@" 3</dev/fd/{theirs} 4>/dev/fd/{their_answers}'
        process = subprocess.Popen(
            ["sh", "-c", shell, "sh", program, *_FLAGS, f"--user-data-dir={folder}"],
            pass_fds=(theirs, their_answers),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        os.close(their_answers)
        try:
            browser = Chromium(commands, answers)
            yield browser
            browser.end()
            process.wait(_TIMEOUT)
        finally:
            process.kill()
            process.wait()


def _pipe(pipes: ExitStack) -> tuple[int, int]:
    """To read from and to write to; numbers that are out of the way of 3 and 4."""
    low = os.pipe()
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in low]
    for end in low:
        os.close(end)
    for end in ends:
        pipes.callback(_close, end)
    return ends[0], ends[1]


def _close(end: int) -> None:
    with suppress(OSError):
        os.close(end)


class Chromium:
    """A browser with one tab, at the ends of its pipes; every event since the last page was opened is kept."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._received = b""
        self._number = 0
        self.events: deque[Mapping[str, Any]] = deque()
        self._session: str | None = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility", "DOM"):
            self.send(f"{domain}.enable")

    def end(self) -> None:
        """Close it; it ends soon after."""
        self._session = None
        self.send("Browser.close")

    def send(self, method: str, **parameters: object) -> Mapping[str, Any]:
        """The answer to a command of the protocol."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                result: Mapping[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def open(self, url: str, *, width: int = 1200, height: int = 900, scheme: str = "light") -> None:
        """Open a page in a window of this size, and wait until it is loaded."""
        self.events.clear()
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if width < 600 else 1,
            mobile=width < 600,
        )
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.send("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._receive())

    def value(self, expression: str) -> Any:  # noqa: ANN401, whatever the page says
        """What an expression of JavaScript is in the page; ours, for the page has none."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def press(self, key: str) -> None:
        """A key of the keyboard, down and up."""
        codes = {"Tab": 9, "Enter": 13}
        text = {"text": "\r"} if key == "Enter" else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=codes[key], **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=codes[key])

    def screenshot(self, path: Path) -> None:
        """The page from its top, as far down as people look at it."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], _MOST_SHOWN), "scale": 1}
        picture = self.send("Page.captureScreenshot", captureBeyondViewport=True, format="png", clip=clip)["data"]
        path.write_bytes(base64.b64decode(picture))

    def _receive(self) -> Mapping[str, Any]:
        while b"\0" not in self._received:
            chunk = os.read(self._answers, 1 << 20)
            if not chunk:
                raise EOFError("chromium has ended")
            self._received += chunk
        message, _, self._received = self._received.partition(b"\0")
        told: Mapping[str, Any] = json.loads(message)
        return told
