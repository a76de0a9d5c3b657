"""The lab's command line, for people who want to look at real Asterisk hosts."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack

from lab import state
from lab.host import HostFailed, HostSpec, enter, leader
from lab.instance import Instance
from lab.machine import SEARCH_PATH, LabUnavailable, require_machine
from lab.pki import make_authority
from lab.root_folder import BuildFailed, BuiltRoot, Root, build_all
from lab.threecx.service import ThreeCx, ThreeCxFailed

_ROOT_BY_WORD = {"22": Root.ASTERISK_22, "16": Root.ASTERISK_16}
_WITHOUT_ASTERISK = ("plain", "3cx")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code is 0 when it was done."""
    options = _parser().parse_args(arguments)
    try:
        require_machine()
        match options.command:
            case "build":
                return _build(options.roots or list(Root))
            case "up":
                return _up(options.name, [spec for _, spec in options.hosts], _threecxs(options.hosts))
            case "down":
                return _down([name for name, _ in state.instances()] if options.all else [options.name])
            case "exec":
                return _exec(options.name, options.host, options.argv)
            case "status":
                return _status()
            case unknown:
                raise AssertionError(unknown)
    except (LabUnavailable, BuildFailed, HostFailed, ThreeCxFailed, state.BadName, state.InstanceInUse) as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m lab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="build the root folders that the cache lacks")
    # no `choices`: with them, Python before 3.11.5 refuses the empty list that stands for all
    known = ", ".join(root.value for root in Root)
    build.add_argument("roots", nargs="*", type=_root, metavar="ROOT", help=f"{known}; default: all")
    up = commands.add_parser("up", help="boot an instance and hold it until Ctrl-C")
    up.add_argument("name", metavar="NAME")
    up.add_argument(
        "--hosts",
        type=_hosts,
        default="hq=22,branch=22,legacy=16",
        help="NAME=22, NAME=16, NAME=plain (no Asterisk) or NAME=3cx (no Asterisk, and a contract fake of 3CX's API on "
        "port 5001), with commas between (default: %(default)s)",
    )
    down = commands.add_parser("down", help="remove an instance, whoever made it")
    which = down.add_mutually_exclusive_group(required=True)
    which.add_argument("name", nargs="?", metavar="NAME")
    which.add_argument("--all", action="store_true", help="every instance on this machine")
    run = commands.add_parser("exec", help="run a command as root inside a host")
    run.add_argument("name", metavar="NAME")
    run.add_argument("host", metavar="HOST")
    run.add_argument("argv", nargs="+", metavar="COMMAND")
    commands.add_parser("status", help="show what stands")
    return parser


def _hosts(text: str) -> tuple[tuple[str, HostSpec], ...]:
    """Each with the word that says what it is."""
    specs = []
    for part in text.split(","):
        name, _, word = part.partition("=")
        if word not in {*_ROOT_BY_WORD, *_WITHOUT_ASTERISK}:
            raise argparse.ArgumentTypeError(f"{part!r} is not NAME=22, NAME=16, NAME=plain or NAME=3cx")
        root = _ROOT_BY_WORD.get(word, Root.ASTERISK_22)
        runs_asterisk = word not in _WITHOUT_ASTERISK
        specs.append((word, HostSpec(name=name, root=root, domain=f"{name}.example.test", runs_asterisk=runs_asterisk)))
    return tuple(specs)


def _threecxs(hosts: Iterable[tuple[str, HostSpec]]) -> list[str]:
    return [spec.name for word, spec in hosts if word == "3cx"]


def _root(text: str) -> Root:
    try:
        return Root(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no root folder") from error


def _build(roots: Sequence[Root]) -> int:
    failed = False
    for root, built in build_all(roots, _report).items():
        match built:
            case BuiltRoot():
                print(f"{root.value}: {built.version} in {built.folder}")
            case BuildFailed():
                print(built, file=sys.stderr)
                failed = True
    return 1 if failed else 0


def _up(name: str, hosts: Sequence[HostSpec], threecxs: Iterable[str]) -> int:
    with ExitStack() as stack:
        lab = stack.enter_context(Instance(name, hosts, _report))
        for host in lab.hosts.values():
            print(f"{host.name:12} {host.address}  {host.domain}  {host.fingerprint}")
        for threecx in threecxs:
            _serve_threecx(lab, threecx, stack)
        print(f"clients live in the network namespace {lab.namespace}: ip netns exec {lab.namespace} COMMAND")
        print(f"ssh -i {lab.client_key} -o UserKnownHostsFile={lab.known_hosts} root@ADDRESS")
        print("Ctrl-C ends it", flush=True)
        _wait_for_the_end()
    return 0


def _serve_threecx(lab: Instance, name: str, stack: ExitStack) -> None:
    authority = make_authority()
    trusted = lab.folder / f"{name}.authority.pem"
    trusted.write_bytes(authority.pem)
    fake = ThreeCx(host=lab.hosts[name], authority=authority, secret=secrets.token_urlsafe(16))
    stack.enter_context(fake)
    print(f"{name:12} https://{fake.host.domain}:{fake.port}: a contract fake of 3CX's API, which is no 3CX; {trusted}")
    print(f"{'':12} client {fake.client}, secret {fake.secret}")


def _wait_for_the_end() -> None:
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    signal.sigwait(signals)


def _down(names: Iterable[str]) -> int:
    for name in names:
        state.tear_down(state.check_name(name))
    return 0


def _exec(name: str, host: str, argv: Sequence[str]) -> int:
    entering = enter(leader(name, host), argv)
    os.execvpe(entering[0], entering, {**os.environ, "PATH": SEARCH_PATH})  # noqa: S606 - becomes the command


def _status() -> int:
    for name, owner in state.instances():
        if owner is not None and owner.is_alive():
            print(f"{name}: owned by process {owner.pid}")
        else:
            print(f"{name}: left by a dead owner; the next up removes it, or: python3 -m lab down {name}")
    return 0


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
