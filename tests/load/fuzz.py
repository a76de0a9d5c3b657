"""Bytes that atheris makes, read as an inventory and as a table: `python -m tests.load.fuzz CORPUS [-option=value …]`.

Whatever they are, the answer is findings or one clear line: any other exception, ten seconds without an answer, or more
than two gigabytes end it with an exit code that is not 0.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-untyped] # it brings no types

with atheris.instrument_imports(include=["confgen.load"]):
    from confgen.load import Unreadable, load_inventory

from confgen.drivers import asterisk, threecx
from confgen.load import drafts

drafts.LARGEST_INVENTORY = 5000  # a range of a hundred thousand numbers is right, and takes its time
KINDS = {"asterisk": asterisk, "threecx": threecx}
LEAST = (Path(__file__).parent / "accept" / "the-least.yaml").read_bytes()
FOLDER = Path(tempfile.mkdtemp(prefix="confgen-fuzz-"))


def one_input(content: bytes) -> None:
    """The first byte chooses what the rest is: an inventory, the end of one, or a table."""
    kind, rest = content[:1], content[1:]
    inventory = rest
    if kind == b"t":
        (FOLDER / "phones.csv").write_bytes(rest)
        inventory = LEAST + b"    extensions_from: {csv: phones.csv}\n"
    elif kind == b"e":
        inventory = LEAST + rest
    path = FOLDER / "inventory.yaml"
    path.write_bytes(inventory)
    try:
        loaded = load_inventory(path, kinds=KINDS)
    except Unreadable as unreadable:
        told = [str(unreadable)]
    else:
        told = [f"{finding.message}; {finding.mend}" for finding in loaded.findings]
    if any("\n" in line for line in told):
        raise AssertionError(told)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
