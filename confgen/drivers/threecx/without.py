"""What products of files have and a 3CX has not: files of the user's own, a folder, hands on the host. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.driver import OnHost, PushRefused
from confgen.model.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import NoReturn

    from confgen.model.bootstrap import Bootstrap
    from confgen.model.document import Document
    from confgen.model.driver import Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.lease import Undone


def absent(_pbx: Pbx) -> Collection[str]:
    """Nothing that confgen did not make is removed."""
    return ()


def own(_host: Host, _pbx: Pbx, _texts: Collection[str]) -> Mapping[str, str]:
    """No object refers to what else the user has."""
    return {}


def judge(_pbx: Pbx, _documents: Collection[Document], _own: Mapping[str, str]) -> Sequence[Finding]:
    """So there is nothing to judge."""
    return ()


def put_away(_pbx: Pbx, _texts: Mapping[str, str]) -> Sequence[Finding]:
    """What is taken over stays, with other values in the properties that the inventory speaks of."""
    return ()


def on_host(_host: Host, _pbx: Pbx) -> OnHost:
    """Nothing of what the inventory refers to lies there."""
    return OnHost(files={})


def undone(_host: Host, _pbx: Pbx) -> Undone | None:
    """Nothing there undoes by itself."""
    return None


def discard(_host: Host, _pbx: Pbx, _staged: Staged) -> None:
    """Nothing was laid anywhere."""


def as_kept(pbx: Pbx, _documents: Collection[Document]) -> Pbx:
    """What a proof from outside measures a 3CX by is not among what confgen writes there."""
    return pbx


def bootstrap(pbx: Pbx, _wanted: Bootstrap) -> NoReturn:
    """PushRefused: there is nothing to prepare."""
    raise PushRefused(_nothing_to_install(pbx))


def prepare(_host: Host, pbx: Pbx, _wanted: Bootstrap) -> NoReturn:
    """PushRefused likewise."""
    raise PushRefused(_nothing_to_install(pbx))


def _nothing_to_install(pbx: Pbx) -> Finding:
    return Finding(
        code="TCX-29",
        message="nothing is installed on the host of a 3CX, whose vendor supports no host with anything else on it",
        mend="make a client of its API in the console (Integrations, API) with the role system_owners, and an SSH user "
        'who may forward to that port alone: `restrict,port-forwarding,permitopen="127.0.0.1:5001"`',
        place=pbx.place,
        pbx=pbx.name,
    )
