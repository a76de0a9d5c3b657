"""HTTPS to the API of a PBX, through SSH or without it: the only place that knows httpcore."""

from __future__ import annotations

import logging

# It would write every header of an answer, cookies too, wherever somebody lets all be logged.
logging.getLogger("httpcore").setLevel(logging.WARNING)
