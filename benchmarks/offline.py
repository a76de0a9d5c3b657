"""How fast the work without a PBX is: start, validate, render. `python benchmarks/offline.py`."""

from __future__ import annotations

import argparse
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
        many = Path(folder) / "many.yaml"
        many.write_text(_HEAD + "".join(_pbx(number, 1000) for number in range(100)), encoding="utf-8")
        size = many.stat().st_size / 1e6
        _tell(
            f"validate 100 PBXs with 100,000 extensions ({size:.1f} MB)",
            [_seconds(lambda: _validate(many)) for _ in range(runs)],
        )
        wide = Path(folder) / "wide.yaml"
        wide.write_text(_HEAD + "".join(_pbx(number, 50) for number in range(1000)), encoding="utf-8")
        _tell("render 1,000 PBXs with 50 extensions each", [_seconds(lambda: _render(wide)) for _ in range(runs)])


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


def _validate(path: Path) -> None:
    loaded = fleet.load(path)
    if loaded.findings:
        raise SystemExit(f"the inventory of the benchmark is wrong: {loaded.findings[0]}")


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
