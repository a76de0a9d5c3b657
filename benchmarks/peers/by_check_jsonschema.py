"""check-jsonschema as it is, but with the loader of YAML that is written in C, which is quicker. Its arguments."""

from __future__ import annotations

from typing import IO, Any

import yaml
from check_jsonschema import main
from check_jsonschema.parsers import yaml as parser


def _with_c_loader(*_: object) -> Any:  # noqa: ANN401 -- what the program takes there
    def load(stream: IO[bytes]) -> Any:  # noqa: ANN401 -- whatever stands in the file
        return parser._normalize(yaml.load(stream.read(), Loader=yaml.CSafeLoader))  # noqa: SLF001 -- a safe one

    return load


if __name__ == "__main__":
    parser.impl2loader = _with_c_loader
    main()
