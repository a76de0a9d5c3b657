"""The options of a verification without an inventory, and what they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from confgen.cli.login_secret import secret_of
from confgen.cli.sections import under

if TYPE_CHECKING:
    from confgen.model.depth import Depth
    from confgen.model.finding import Finding
    from confgen.model.outside import Login, Outsider, Wanted
    from confgen.report.answer import Measure

_PORTS = range(1, 65536)
_OUTSIDE = under("A PBX without an inventory")
_CALLS = under("Calls to it")
_ADDRESS = re.compile(
    r"\[(?P<inside>[^\[\]]*)\](?::(?P<behind>[0-9]{1,5}))?"
    r"|(?P<host>\w[\w-]*(?:\.\w[\w-]*)*\.?)(?::(?P<port>[0-9]{1,5}))?"
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAME = re.compile(r"[\w.:-]+")
_SIP_USER = re.compile(r"[\w.!~*'()&=+$,;?/#-]+")  # RFC 3261 §25.1, and `#`


def host_and_port(text: str) -> tuple[str, int]:
    """`sip.example.net`, `192.0.2.10:5061`, `[2001:db8::1]:5061` or `2001:db8::1`; ValueError for anything else."""
    from confgen.model.outside import SIPS_PORT

    if _is_ipv6(text):
        address, _, last = text.rpartition(":")
        if _is_ipv6(address) and last.isdecimal():
            raise ValueError(f"{text!r} can be read in two ways; write [{address}]:{last} or [{text}]")
        return text, SIPS_PORT
    found = _ADDRESS.fullmatch(text)
    if found is None or (found["inside"] is not None and not _is_ipv6(found["inside"])):
        raise ValueError(f"{text!r} is no host; write sip.example.net, sip.example.net:5061 or [2001:db8::1]:5061")
    port = int(found["port"] or found["behind"] or SIPS_PORT)
    if port not in _PORTS:
        raise ValueError(f"{text!r}: ports go from 1 to 65535")
    return found["host"] or found["inside"], port


def _is_ipv6(text: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(text).version == 6  # noqa: PLR2004 -- that version
    except ValueError:
        return False


def _hosts(_ctx: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[tuple[str, int], ...]:
    try:
        return tuple(dict.fromkeys(host_and_port(value.strip()) for value in values))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _written_as(pattern: re.Pattern[str]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    def check(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
        if value is not None and pattern.fullmatch(value) is None:
            raise click.BadParameter(f"{value!r} cannot be written in SIP")
        return value

    return check


def _variable(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and _VARIABLE.fullmatch(value) is None:
        # What was written may be the password itself: it is not repeated.
        raise click.BadParameter("this is no name of a variable; name one, and write the password nowhere here")
    return value


def _server_name(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """A name that TLS can ask for: no label is empty or longer than 63 signs."""
    if value is None:
        return None
    try:
        is_name = _NAME.fullmatch(value) is not None and bool(value.encode("idna")) and not value.startswith(".")
    except UnicodeError:
        is_name = False
    if not (is_name or _is_ipv6(value)):
        raise click.BadParameter(f"{value!r} is no name that a certificate could carry; write sip.example.net")
    return value


_OPTIONS = (
    _OUTSIDE(
        "--host",
        "hosts",
        metavar="HOST[:PORT]",
        multiple=True,
        callback=_hosts,
        help="Look at this PBX from here, without inventory and SSH; once for each. The port of SIP over TLS is 5061 "
        "where none is given.",
    ),
    _OUTSIDE(
        "--profile",
        type=click.Choice(("baseline", "strict")),
        help="Refuse what RFC 9325 forbids (baseline, the default), or also what it advises against (strict), as what "
        "confgen pushes does.",
    ),
    _OUTSIDE(
        "--authority",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="In PEM, who must have signed its certificate; this machine's authorities when not given.",
    ),
    _OUTSIDE(
        "--name",
        metavar="NAME",
        callback=_server_name,
        help="The name its certificate must carry; the host when not given.",
    ),
    _CALLS(
        "--user",
        metavar="NAME",
        callback=_written_as(_SIP_USER),
        help="An extension that may call. Without one no call is made.",
    ),
    _CALLS(
        "--secret-file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Where its password is; else it is asked for.",
    ),
    _CALLS("--secret-env", metavar="NAME", callback=_variable, help="The variable that holds its password."),
    _CALLS(
        "--number",
        metavar="ECHO",
        callback=_written_as(_SIP_USER),
        help="A number that echoes; called a few times.",
    ),
    _CALLS(
        "--media-encryption",
        type=click.Choice(("sdes", "dtls")),
        help="What to call with; sdes when not given.",
    ),
)
_WITH_HOST = ("profile", "authority", "name", "user", "secret_file", "secret_env", "number", "media_encryption")
_WITH_USER = ("secret_file", "secret_env", "number", "media_encryption")


def outside_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a verification without an inventory may be told."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def refuse_without_host(told: Mapping[str, Any]) -> None:
    """A mistake of usage, where an option speaks of a host that is not named."""
    for name in _WITH_HOST:
        if told[name] is not None:
            raise click.UsageError(
                f"{_option(name)} speaks of a PBX without an inventory: name it with --host. "
                "PBXs of an inventory say this in the inventory: `certificate`, `probe`, `echo_number`"
            )


def refuse_with_inventory(ctx: click.Context, limit: Sequence[str]) -> None:
    """A mistake of usage, where a host and an inventory are both named, or what is for PBXs of an inventory alone."""
    given = click.core.ParameterSource.COMMANDLINE
    if limit or ctx.get_parameter_source("inventory") is given:
        word = "--limit" if limit else "an inventory"
        raise click.UsageError(
            f"--host looks at a PBX without an inventory, and {word} is given too: leave one of them out. "
            "For a PBX of the inventory it is `confgen verify INVENTORY --limit NAME`, which proves more"
        )
    if ctx.get_parameter_source("parallel") is given:
        raise click.UsageError("those that --host names are looked at a few at a time: leave --parallel out")


def outsiders(told: Mapping[str, Any]) -> tuple[Outsider, ...]:
    """The PBXs that are named."""
    from confgen.model.outside import Outsider

    # A certificate carries no scope, as in fe80::1%eth0.
    return tuple(
        Outsider(host=host, port=port, name=told["name"] or host.partition("%")[0]) for host, port in told["hosts"]
    )


def wanted(told: Mapping[str, Any], depth: Depth, mention: Callable[[Sequence[Finding]], None]) -> Wanted:
    """What is asked of them; a password that is to be typed is asked for now."""
    from confgen.model.check import Level
    from confgen.model.depth import level_words
    from confgen.model.outside import Wanted

    if depth.levels == {Level.STATE}:
        raise click.UsageError("--level state needs an inventory: without one there is nothing to compare with")
    login = _login(told, mention)
    measured = depth.levels - {Level.STATE}
    if login is None and measured == {Level.CALL}:
        raise click.UsageError("--level call needs --user and --number: without an extension nothing can be called")
    if login is not None and measured.isdisjoint({Level.DOWNGRADE, Level.CALL}):
        raise click.UsageError(
            f"--user is for calls, and --level {level_words(depth.levels)} makes none: leave one of them out"
        )
    return Wanted(
        profile=told["profile"] or "baseline",
        authority=_authority(told["authority"]),
        login=login,
        depth=depth,
    )


def measure(told: Mapping[str, Any]) -> Measure:
    """What the answer says of all this."""
    from confgen.report.answer import Measure

    return Measure(
        profile=told["profile"] or "baseline",
        authority=None if told["authority"] is None else str(told["authority"]),
        name=told["name"],
        user=told["user"],
        number=told["number"],
    )


def _authority(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        text = path.read_text(encoding="utf-8", errors="replace")  # in comments names are written in any way
    except OSError as error:
        raise click.UsageError(f"--authority {path}: {error.strerror}") from error
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise click.UsageError(f"--authority {path} holds no certificate in PEM: -----BEGIN CERTIFICATE-----")
    return text


def _login(told: Mapping[str, Any], mention: Callable[[Sequence[Finding]], None]) -> Login | None:
    from confgen.model.emergency import emergency_fault
    from confgen.model.inventory import MediaEncryption
    from confgen.model.outside import Login

    if told["user"] is None:
        for name in _WITH_USER:
            if told[name] is not None:
                raise click.UsageError(f"{_option(name)} is for calls: say which extension makes them with --user NAME")
        return None
    if told["number"] is None:
        raise click.UsageError(
            "--user makes calls: say which number answers and echoes with --number. No other number is called; on "
            "Asterisk it is one whose dialplan is Answer() and Echo()"
        )
    if (wrong := emergency_fault(told["number"])) is not None:
        raise click.UsageError(
            f"--number {told['number']}: {wrong}, and it would be called some 25 times; "
            "give the echo another number, whose dialplan is Answer() and Echo()"
        )
    return Login(
        user=told["user"],
        secret=secret_of(told, mention),
        number=told["number"],
        media_encryption=MediaEncryption(told["media_encryption"] or "sdes"),
    )


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
