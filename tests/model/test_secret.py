"""A resolved secret shows itself to nobody who did not ask for it."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from confgen.model.host import Command, Completed
from confgen.model.secret import Secret, SecretReference, SecretSource

SENTINEL = "sentinel-4f1d"


@dataclass(frozen=True)
class Holder:
    secret: Secret


@pytest.mark.parametrize(
    "shown",
    [
        repr,
        str,
        "{}".format,
        "{:>40}".format,
        lambda secret: f"{secret!r} {secret!s} {secret}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 -- this way of showing too
        lambda secret: repr([secret, {"x": secret}, Holder(secret)]),
        lambda secret: "".join(traceback.format_exception(ValueError(secret))),
        lambda secret: json.dumps(secret, default=str),
    ],
)
def test_no_way_of_showing_tells_it(shown: Callable[[Secret], str]) -> None:
    text = shown(Secret(SENTINEL))
    assert SENTINEL not in text
    assert "********" in text


def test_who_asks_gets_it() -> None:
    assert Secret(SENTINEL).reveal() == SENTINEL


@pytest.mark.parametrize("carry", [pickle.dumps, copy.copy, copy.deepcopy])
def test_it_is_neither_pickled_nor_copied(carry: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        carry(Secret(SENTINEL))


def test_it_equals_its_like_and_never_a_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_a_reference_says_where_the_secret_is() -> None:
    assert str(SecretReference(SecretSource.ENVIRONMENT, ("NAME",))) == "env:NAME"
    assert str(SecretReference(SecretSource.COMMAND, ("pass", "show", "x"))) == "command:pass show x"


def test_a_command_and_its_answer_show_how_much_went_through_and_not_what() -> None:
    command = Command(argv=("sh", "-s"), stdin=SENTINEL.encode())
    completed = Completed(exit_status=0, stdout=SENTINEL.encode(), stderr=SENTINEL.encode())
    assert SENTINEL not in repr(command) + repr(completed)
    assert "13 bytes" in repr(command)
