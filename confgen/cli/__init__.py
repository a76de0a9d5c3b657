"""The command line: arguments, progress, output and exit code of every command."""

from __future__ import annotations

from confgen.cli.program import main

__all__ = ["main"]
