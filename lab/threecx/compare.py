"""Compares the contract with a vendor's description of XAPI, for whoever has one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from confgen.drivers.threecx import contract
from confgen.drivers.threecx.described import differences
from confgen.model.version import ProductVersion
from lab.threecx.xapi import LATEST


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what differs; the exit code is 0 where nothing does."""
    parser = argparse.ArgumentParser(prog="python3 -m lab.threecx.compare", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="OpenAPI, as YAML or JSON")
    parser.add_argument("--version", type=ProductVersion.parse, default=LATEST, help="of the PBX; default: %(default)s")
    options = parser.parse_args(arguments)
    version = options.version
    try:
        description = yaml.load(options.file.read_bytes(), Loader=yaml.CSafeLoader)
        found = differences(description, version)
    except OSError as error:
        parser.error(f"{options.file} cannot be read: {error.strerror}")
    except (yaml.YAMLError, AttributeError, LookupError, TypeError, ValueError):
        parser.error(f"{options.file} is no description of an API (OpenAPI 3, as YAML or JSON)")
    for one in found:
        print(one)
    fields = sum(len(contract.fields(name, version)) for name in contract.objects())
    print(
        f"{len(contract.operations())} operations and {fields} fields of {len(contract.objects())} objects compared "
        f"with {version}: {len(found) or 'no'} differences",
        file=sys.stderr,
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
