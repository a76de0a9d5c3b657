"""The one exception of loading: an inventory that cannot be read at all."""

from __future__ import annotations

from confgen.model.finding import Finding, Place


class Unreadable(Exception):
    """No file, no text, no YAML; the message is one line that begins with the place."""

    exit_code = 2

    def __init__(
        self, code: str, file: str, wrong: str, mend: str, *, line: int | None = None, column: int | None = None
    ) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {code} {wrong}; {mend}".replace("\n", " "))
        self.code = code
        self.finding = Finding(code=code, message=wrong, mend=mend, place=Place(file, line or 1, column or 1))
