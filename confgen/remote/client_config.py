"""The operator's `~/.ssh/config`, read as ssh reads it; what cannot be honoured is said, never passed over."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import paramiko

from confgen.remote.errors import ConfigUnsupported

_SETTING = re.compile(r"(?P<keyword>\w+)(?:\s*=\s*|\s+)(?P<value>.+)")
_COMMENT = re.compile(r"\s#.*")
_INCLUDE_DEPTH = 16  # as in ssh
_MATCH_CRITERIA = frozenset({"all", "canonical", "final", "host", "originalhost", "user", "localuser"})
_CRITERIA_ALONE = frozenset({"all", "canonical", "final"})
_OF_A_PATTERN = frozenset("*?[]!")

# Where a line of the file that cannot be honoured stood: it counts only if its block is about the host.
_UNSUPPORTED = "confgenunsupported"

# What decides by which way, with which key or to whom we speak, and is not done here.
_REFUSED_KEYWORDS = {
    "bindaddress": "BindAddress",
    "bindinterface": "BindInterface",
    "certificatefile": "CertificateFile",
    "ciphers": "Ciphers",
    "hostkeyalgorithms": "HostKeyAlgorithms",
    "kexalgorithms": "KexAlgorithms",
    "knownhostscommand": "KnownHostsCommand",
    "macs": "MACs",
    "pkcs11provider": "PKCS11Provider",
    "proxycommand": "ProxyCommand",
    "revokedhostkeys": "RevokedHostKeys",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Lines that apply together."""

    names: frozenset[str] | None  # of the hosts that it may be about; None where that takes a closer look
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfig:
    """The lines of the configuration, with what they include."""

    file: Path
    blocks: tuple[_Block, ...]

    def settings(self, host: str, given: Mapping[str, str | None]) -> HostSettings:
        """What it says about a host; what is `given` comes first, so that it wins, and blocks that match it apply."""
        # A company may have a block for each of thousands of PBXs, and all are looked up.
        may_apply = (block for block in self.blocks if block.names is None or host in block.names)
        values = self._values(host, given, [line for block in may_apply for line in block.lines])
        settings = HostSettings(file=self.file, host=host, values=values)
        settings.refuse_what_is_not_done()
        return settings

    def _values(
        self, host: str, given: Mapping[str, str | None], lines: list[str]
    ) -> Mapping[str, str | list[str] | None]:
        said = {keyword: value for keyword, value in given.items() if value is not None}
        if not lines:
            return {"hostname": host, **{keyword.lower(): value for keyword, value in said.items()}}
        first = [f"{keyword} {value}" for keyword, value in said.items()]
        try:
            return dict(paramiko.SSHConfig.from_file([*first, *lines]).lookup(host))
        except (paramiko.SSHException, ValueError, LookupError, OSError) as error:
            raise ConfigUnsupported(f"{self.file}: {host}: cannot be read: {error}; mend the file") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSettings:
    """What the configuration says about one host, by keyword in small letters."""

    file: Path
    host: str
    values: Mapping[str, str | list[str] | None]

    def text(self, keyword: str) -> str | None:
        """The value of a keyword that takes one; `none` is no value."""
        value = self.values.get(keyword)
        return value if isinstance(value, str) and value.lower() != "none" else None

    def number(self, keyword: str) -> int | None:
        """The value of a keyword that takes a number."""
        value = self.text(keyword)
        if value is None:
            return None
        if not value.isdecimal():
            raise self.unsupported(f"{keyword} {value} is not a number")
        return int(value)

    def is_set(self, keyword: str) -> bool:
        """Whether a switch is on."""
        return (self.text(keyword) or "").lower() == "yes"

    def paths(self, keyword: str) -> tuple[Path, ...] | None:
        """The files of a keyword; None where it is not said."""
        value = self.values.get(keyword)
        if value is None:
            return None
        words = shlex.split(value) if isinstance(value, str) else value
        return tuple(self.path(word) for word in words if word.lower() != "none")

    def path(self, word: str) -> Path:
        """A path with its leading `~`; tokens and variables beyond that are refused."""
        if "%" in word or "$" in word:
            raise self.unsupported(f"the path {word} holds a token that confgen does not replace")
        return of_home(word)

    def refuse_what_is_not_done(self) -> None:
        """Every line that applies to the host and asks for what confgen cannot do is an error."""
        line = self.text(_UNSUPPORTED)
        if line is not None:
            raise self.unsupported(line)
        for keyword, spelling in _REFUSED_KEYWORDS.items():
            value = self.values.get(keyword)
            if value is not None and value != "none":
                raise self.unsupported(spelling)
        if (self.text("pubkeyauthentication") or "yes").lower() == "no":
            raise self.unsupported("PubkeyAuthentication no")

    def unsupported(self, what: str) -> ConfigUnsupported:
        """The error for something in the configuration of this host."""
        return ConfigUnsupported(
            f"{self.file}: host {self.host}: {what} is not supported by confgen; "
            f"give the PBX a block of its own there without it"
        )


def of_home(path: str) -> Path:
    """A path whose leading `~/` is the operator's home."""
    return Path.home() / path[2:] if path.startswith("~/") else Path(path)


def read_client_config(file: Path) -> ClientConfig:
    """The operator's configuration with what it includes; none is an empty one."""
    lines = tuple(_lines(file, depth=0))
    try:
        paramiko.SSHConfig.from_file(lines)
    except (paramiko.SSHException, ValueError) as error:  # in whichever block it stands: ssh would not go on either
        raise ConfigUnsupported(f"{file}: cannot be read: {error}; mend the file") from error
    return ClientConfig(file=file, blocks=tuple(_blocks(lines)))


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    names: frozenset[str] | None = None  # what stands before the first block is about every host
    block: list[str] = []
    lines = tuple(lines)
    # Where ssh looks a second time, under another name, no block can be left out because of the first.
    is_looked_up_twice = any(line.lower().startswith("canonicalizehostname") for line in lines)
    for line in lines:
        setting = _SETTING.fullmatch(line)
        keyword = setting["keyword"].lower() if setting else ""
        if setting and keyword in {"host", "match"}:
            yield _Block(names=names, lines=tuple(block))
            names = None if keyword == "match" or is_looked_up_twice else _plain_names(setting["value"])
            block = []
        block.append(line)
    yield _Block(names=names, lines=tuple(block))


def _plain_names(value: str) -> frozenset[str] | None:
    """The names of a Host line; None where one of them is a pattern."""
    return None if _OF_A_PATTERN & set(value) else frozenset(shlex.split(value))


def _lines(file: Path, *, depth: int) -> Iterator[str]:
    """The lines of a file as paramiko can read them, includes worked in."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigUnsupported(f"{file}: cannot be read: {error}; mend the file") from error
    if depth > _INCLUDE_DEPTH:
        raise ConfigUnsupported(f"{file}: includes go round in a circle; mend the file")
    is_in_block = False
    for line in text.splitlines():
        setting = _SETTING.fullmatch(_without_comment(line))
        keyword = setting["keyword"].lower() if setting else ""
        if setting and keyword == "include":
            yield from _included(setting["value"], depth=depth, is_in_block=is_in_block)
        elif setting and keyword == "match":
            is_in_block = True
            yield from _match(setting["value"])
        else:
            is_in_block = is_in_block or keyword == "host"
            yield _without_comment(line)


def _without_comment(line: str) -> str:
    return line.strip() if '"' in line else _COMMENT.sub("", line).strip()


def _included(value: str, *, depth: int, is_in_block: bool) -> Iterable[str]:
    if is_in_block:  # the blocks of the included file would have to match as well as this one
        return [f"{_UNSUPPORTED} Include {value} below a Host or Match line"]
    folder = of_home("~/.ssh")
    patterns = [str(folder / of_home(word)) for word in shlex.split(value)]
    found = [path for pattern in patterns for path in sorted(Path("/").glob(pattern.lstrip("/")))]
    # The block that an included file ends with does not reach into the file that includes it.
    return [line for path in found for line in (*_lines(path, depth=depth + 1), "Host *")]


def _match(value: str) -> Iterable[str]:
    """A Match line; criteria that paramiko would take for fulfilled become a mark in the block that they guard."""
    words = shlex.split(value)
    known: list[str] = []
    unknown: list[str] = []
    while words:
        word = words.pop(0)
        criterion = word.lower().removeprefix("!")
        parameter = [] if criterion in _CRITERIA_ALONE or not words else [words.pop(0)]
        (known if criterion in _MATCH_CRITERIA else unknown).extend([word.lower(), *map(shlex.quote, parameter)])
    lines = [f"Match {' '.join(known) or 'all'}"]
    if unknown:
        lines.append(f"{_UNSUPPORTED} Match {' '.join(unknown)}")
    return lines
