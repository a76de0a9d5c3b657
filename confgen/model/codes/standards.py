"""Standards that several explanations name."""

from __future__ import annotations

ASTERISK = "Asterisk best practices (README-SERIOUSLY)"
DISA = "DISA Enterprise Voice Session Management SRG"
ITSPA = "ITSPA recommendations for IP PBXs (2016)"
NSA = "NSA U/OO/153515-21"
