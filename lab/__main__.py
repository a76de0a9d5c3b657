"""The lab's command line, for people who want to look at real Asterisk hosts."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterable, Sequence

from lab import state
from lab.host import HostFailed, HostSpec, enter, leader
from lab.instance import Instance
from lab.machine import SEARCH_PATH, LabUnavailable, require_machine
from lab.root_folder import BuildFailed, BuiltRoot, Root, build_all

_ROOT_BY_WORD = {"22": Root.ASTERISK_22, "16": Root.ASTERISK_16}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code is 0 when it was done."""
    options = _parser().parse_args(arguments)
    try:
        require_machine()
        match options.command:
            case "build":
                return _build(options.roots or list(Root))
            case "up":
                return _up(options.name, options.hosts)
            case "down":
                return _down([name for name, _ in state.instances()] if options.all else [options.name])
            case "exec":
                return _exec(options.name, options.host, options.argv)
            case "status":
                return _status()
            case unknown:
                raise AssertionError(unknown)
    except (LabUnavailable, BuildFailed, HostFailed, state.BadName, state.InstanceInUse) as error:
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
        help="NAME=22, NAME=16 or NAME=plain (no Asterisk), with commas between (default: %(default)s)",
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


def _hosts(text: str) -> tuple[HostSpec, ...]:
    specs = []
    for part in text.split(","):
        name, _, word = part.partition("=")
        if word not in {*_ROOT_BY_WORD, "plain"}:
            raise argparse.ArgumentTypeError(f"{part!r} is not NAME=22, NAME=16 or NAME=plain")
        root = _ROOT_BY_WORD.get(word, Root.ASTERISK_22)
        specs.append(HostSpec(name=name, root=root, domain=f"{name}.example.test", runs_asterisk=word != "plain"))
    return tuple(specs)


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


def _up(name: str, hosts: Sequence[HostSpec]) -> int:
    with Instance(name, hosts, _report) as lab:
        for host in lab.hosts.values():
            print(f"{host.name:12} {host.address}  {host.domain}  {host.fingerprint}")
        print(f"clients live in the network namespace {lab.namespace}: ip netns exec {lab.namespace} COMMAND")
        print(f"ssh -i {lab.client_key} -o UserKnownHostsFile={lab.known_hosts} root@ADDRESS")
        print("Ctrl-C ends it", flush=True)
        _wait_for_the_end()
    return 0


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
