"""YAML loaded by PyYAML's safe loader that is written in C, and nothing else. FILE."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

if __name__ == "__main__":
    yaml.load(Path(sys.argv[1]).read_bytes(), Loader=yaml.CSafeLoader)
