"""Asterisk's configuration files: read without loss, and expanded to what Asterisk makes of them. Pure."""

from __future__ import annotations

from confgen.drivers.asterisk.configuration.effective import Effective, effective, parse
from confgen.drivers.asterisk.configuration.file import Comment, ConfigurationFile, Line, read
from confgen.drivers.asterisk.configuration.includes import Include, includes
from confgen.drivers.asterisk.configuration.problem import Consequence, Problem
from confgen.drivers.asterisk.configuration.section import Option, Section, objects
from confgen.drivers.asterisk.configuration.statement import Append, Directive, Fault, Header, Statement, Unread

__all__ = [
    "Append",
    "Comment",
    "ConfigurationFile",
    "Consequence",
    "Directive",
    "Effective",
    "Fault",
    "Header",
    "Include",
    "Line",
    "Option",
    "Problem",
    "Section",
    "Statement",
    "Unread",
    "effective",
    "includes",
    "objects",
    "parse",
    "read",
]
