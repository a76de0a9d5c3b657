"""How fast the work without a PBX is, how much memory it takes, and how both grow. `python benchmarks/offline.py`."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from confgen import fleet

_HEAD = """\
version: 1
defaults:
  product_version: "22.10.1"
  certificate:
    chain: {file: "pki/{pbx}.crt"}
    key: {file: "pki/{pbx}.key"}
    authority: {file: pki/authority.crt}
  echo_number: "600"
  extension_defaults: {secret: {env: "SECRET_{extension}"}, permit: [10.0.0.0/8]}
  probe: {secret: {env: PROBE}, permit: [10.0.0.1]}
  emergency: {numbers: ["112"], via: [{channel: line}]}
pbxs:
"""


def main() -> None:
    """Print one line for each measurement: the median of some runs, and all of them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3, help="how often each thing is measured")
    runs = arguments.parse_args().runs
    _tell("confgen --help", [_seconds(_help) for _ in range(max(runs, 5))], digits=3)
    with tempfile.TemporaryDirectory() as folder:
        _tell_growth(Path(folder), runs)
        wide = Path(folder) / "wide.yaml"
        wide.write_text(_HEAD + "".join(_pbx(number, 50) for number in range(1000)), encoding="utf-8")
        _tell("render 1,000 PBXs with 50 extensions each", [_seconds(lambda: _render(wide)) for _ in range(runs)])


def _tell_growth(folder: Path, runs: int) -> None:
    """A line for each size: what a process of its own takes, as the median of some runs."""
    print("validate, as a process of its own, on PBXs with 1,000 extensions each:")
    print(f"{'extensions':>12}{'MB of YAML':>12}{'seconds':>9}{'µs each':>9}{'MB of memory':>14}")
    for pbxs in (10, 20, 50, 100):
        path = folder / f"{pbxs}.yaml"
        path.write_text(_HEAD + "".join(_pbx(number, 1000) for number in range(pbxs)), encoding="utf-8")
        measured = [_validate(path) for _ in range(runs)]
        seconds = statistics.median(each for each, _ in measured)
        memory = max(each for _, each in measured)
        extensions, size = 1000 * pbxs, path.stat().st_size / 1e6
        each = seconds / extensions * 1e6
        print(f"{extensions:>12,}{size:>12.1f}{seconds:>9.1f}{each:>9.0f}{memory:>14.0f}", flush=True)


_PBX = """\
  pbx-{number}:
    kind: asterisk
    address: {address}
    sip: {{domain: pbx-{number}.example.test}}
    channels: {{line: {{dial: "PJSIP/{{number}}@line", signalling: tls, media: srtp}}}}
    extensions:
"""
_EXTENSION = """\
      "{extension}":
        name: "Desk {extension} of {number}"
        contacts: {contacts}
        codecs: [alaw, ulaw]
"""


def _pbx(number: int, extensions: int) -> str:
    address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
    return _PBX.format(number=number, address=address) + "".join(
        _EXTENSION.format(extension=extension, number=number, contacts=1 + extension % 3)
        for extension in range(10000, 10000 + extensions)
    )


def _validate(path: Path) -> tuple[float, float]:
    """Seconds, and megabytes at the peak, of `confgen validate`."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "confgen", "validate", str(path)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit("the inventory of the benchmark is wrong")
    return time.perf_counter() - started, used.ru_maxrss / 1024


def _render(path: Path) -> None:
    for pbx in fleet.load(path).inventory.pbxs:
        fleet.render_masked(pbx)


def _help() -> None:
    subprocess.run([sys.executable, "-m", "confgen", "--help"], check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _tell(what: str, seconds: list[float], digits: int = 1) -> None:
    every = ", ".join(f"{value:.{digits}f}" for value in seconds)
    print(f"{what}: {statistics.median(seconds):.{digits}f} s (of {every})", flush=True)


if __name__ == "__main__":
    main()
