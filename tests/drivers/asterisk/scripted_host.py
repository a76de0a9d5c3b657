"""A host that answers each verb of the script as a test says, and remembers what it was asked."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from confgen.drivers.asterisk import script
from confgen.model.host import Command, Completed
from confgen.model.stream import Refused, Stream


@dataclass(kw_only=True)
class ScriptedHost:
    """Answers by verb: what is written to stdout, or what came of the command."""

    answers: Mapping[str, bytes | Completed]
    name: str = "headquarters"
    commands: list[Command] = field(default_factory=list)

    def run(self, command: Command, /) -> Completed:
        self.commands.append(command)
        answer = self.answers.get(self.words(command)[0], b"")
        return Completed(exit_status=0, stdout=answer, stderr=b"") if isinstance(answer, bytes) else answer

    def again(self) -> None:
        raise AssertionError("the connection did not break")

    def dial(self, _address: str, _port: int, _timeout: float, /) -> Stream:
        raise Refused("nothing listens")

    @property
    def verbs(self) -> list[str]:
        return [self.words(command)[0] for command in self.commands]

    @property
    def asked(self) -> list[list[str]]:
        """Each verb with its words."""
        return [self.words(command) for command in self.commands]

    @staticmethod
    def words(command: Command) -> list[str]:
        if command.argv == ("sh", "-s"):
            words = shlex.split(command.stdin.partition(b"\n")[0].decode())[2:]
        elif command.argv[:2] == ("sudo", "-n") and command.argv[2] != script.INSTALLED:
            return [" ".join(command.argv[:3])]
        elif command.argv[0] in {script.INSTALLED, "sudo"}:
            words = list(command.argv[command.argv.index(script.INSTALLED) + 1 :])
        else:
            return ["install" if command.argv[0] == "sh" else command.argv[0]]
        while words[0].startswith("--"):  # what the inventory says of the installation
            del words[:2]
        return words


def refused(reason: str) -> Completed:
    return Completed(exit_status=3, stdout=f"refused {reason}\n".encode(), stderr=b"")


def broken(said: str) -> Completed:
    return Completed(exit_status=1, stdout=b"", stderr=f"{said}\n".encode())
