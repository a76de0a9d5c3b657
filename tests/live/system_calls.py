"""What a power cut could take, by the system calls of a program. Pure: it reads what strace wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

TRACED = (
    "openat,creat,write,fsync,fdatasync,syncfs,sync,rename,renameat,renameat2,symlinkat,symlink,mkdir,unlink,unlinkat"
)

_PROCESS = re.compile(r"^(?P<process>\d+) +(?P<rest>.*)$")
_UNFINISHED = re.compile(r"^(?P<begin>.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(?P<end>.*)$")
_CALL = re.compile(r"^(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)(?P<opened><.*>)?")
_DESCRIPTOR = re.compile(r"^\d+<(?P<path>/[^>]*)>")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call that succeeded and changed a disk, or saw to it that a change lasts."""

    name: str  # write | make | remove | rename | sync | sync all
    path: str  # of a rename: where to
    source: str = ""  # of a rename


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a power cut would take just before a call; contents of files, and names in folders."""

    call: Call
    contents: frozenset[str]
    names: frozenset[str]

    def lost(self, *folders: str) -> frozenset[str]:
        """What of these folders, or of these very paths, would not be there, or would be empty."""
        return _below(folders, self.contents | self.names)

    def torn(self, *folders: str) -> frozenset[str]:
        """What of them would be empty, should its name last."""
        return _below(folders, self.contents)


def _below(folders: Iterable[str], paths: Iterable[str]) -> frozenset[str]:
    return frozenset(path for path in paths if any(PurePosixPath(path).is_relative_to(folder) for folder in folders))


@dataclass(slots=True)
class _Disk:
    """What has been changed and has not reached the disk for certain."""

    contents: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def take(self, call: Call) -> None:
        match call.name:
            case "write":
                self.contents.add(call.path)
            case "make" | "remove":
                if call.name == "remove":
                    self.contents.discard(call.path)
                self.names.add(call.path)
            case "rename":
                self.contents = {_moved(path, call) for path in self.contents}
                self.names = {_moved(path, call) for path in self.names} | {call.path}
            case "sync":
                self.contents.discard(call.path)
                self.names = {path for path in self.names if str(PurePosixPath(path).parent) != call.path}
            case _:
                self.contents.clear()
                self.names.clear()


def moments(calls: Iterable[Call]) -> Sequence[Moment]:
    """Each call with what a power cut just before it would take; the last moment is the end."""
    disk = _Disk()
    found = []
    for call in (*calls, Call(name="end", path="")):
        found.append(Moment(call=call, contents=frozenset(disk.contents), names=frozenset(disk.names)))
        disk.take(call)
    return found


def calls(trace: str) -> Iterator[Call]:
    """The calls of `strace -f -y`, in the order in which they ended."""
    for _, whole in called(trace.splitlines()):
        found = _CALL.match(whole)
        if found is not None and not found["result"].startswith("-"):
            yield from _meant(found["name"], found["arguments"], found["opened"] or "")


def called(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each line of `strace -f`, with the call that ended there, whole; empty where none did."""
    begun: dict[str, str] = {}
    for line in lines:
        told = _PROCESS.match(line)
        process, rest = (told["process"], told["rest"]) if told is not None else ("", "")
        if (unfinished := _UNFINISHED.match(rest)) is not None:
            begun[process] = unfinished["begin"]
            yield line, ""
        elif (resumed := _RESUMED.match(rest)) is not None:
            yield line, begun.pop(process, "") + resumed["end"]
        else:
            yield line, rest


def _meant(name: str, arguments: str, opened: str) -> Iterator[Call]:
    described = _DESCRIPTOR.match(arguments)
    texts = _TEXT.findall(arguments)
    match name:
        case "openat" | "creat" if "O_CREAT" in arguments or "O_TRUNC" in arguments:
            yield Call(name="make", path=opened[1:-1])
            yield Call(name="write", path=opened[1:-1])
        case "write" if described is not None:
            yield Call(name="write", path=described["path"])
        case "fsync" | "fdatasync" if described is not None:
            yield Call(name="sync", path=described["path"])
        case "syncfs" | "sync":
            yield Call(name="sync all", path=described["path"] if described else "/")
        case "rename" | "renameat" | "renameat2":
            yield Call(name="rename", source=texts[0], path=texts[1])
        case "symlink" | "symlinkat":
            yield Call(name="make", path=texts[-1])
        case "mkdir":
            yield Call(name="make", path=texts[0])
        case "unlink" | "unlinkat":
            yield Call(name="remove", path=texts[0])
        case _:
            pass


def _moved(path: str, rename: Call) -> str:
    if PurePosixPath(path).is_relative_to(rename.source):
        return str(PurePosixPath(rename.path) / PurePosixPath(path).relative_to(rename.source))
    return path
