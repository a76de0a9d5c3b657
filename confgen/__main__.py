"""`python -m confgen`, the same as `confgen`."""

from __future__ import annotations

from confgen.cli import main

if __name__ == "__main__":
    main(prog_name="confgen")
