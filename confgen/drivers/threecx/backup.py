"""An encrypted backup by the PBX itself, before the first write: what a human restores when all else has failed."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

from confgen.drivers.threecx.lease import need
from confgen.drivers.threecx.requests import api_of, change, literal, pages
from confgen.drivers.threecx.texts import fields_of
from confgen.model.api_fault import ApiRefused
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Callable

    from confgen.model.driver import Staged
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.shelf import Shelf

KEY = "Backups/password"  # of the document that carries it; the PBX is never given it as one
MOST = 10  # backups of this machine's pushes that stay on the PBX
_KEPT = "backups"  # under which the shelf has their names, the oldest first
_OURS = re.compile(r"confgen-[0-9a-f]{16}[\w.-]*")
_PATIENCE = 300.0  # seconds until the file is there
_PAUSE = 2.0  # seconds between two looks
_NOT_FOUND = 404


def name_of(staged: Staged) -> str:
    """What the file is called."""
    return f"confgen-{staged.lease.push}.zip"


def is_backed_up(staged: Staged) -> bool:
    """Whether the PBX makes a backup of itself before this is written; none without the secret that encrypts it."""
    return bool(staged.changed) and any(document.key == KEY for document in staged.carried)


def back_up(host: Host, pbx: Pbx, staged: Staged, step: Callable[[str], None]) -> None:
    """PushRefused where there is no backup in the end: nothing is written then. `step` may stop the wait for it."""
    if not is_backed_up(staged):
        return
    password = next(fields_of(one.reveal())["Password"] for one in staged.carried if one.key == KEY)
    contents = {
        "EncryptBackup": True,
        "EncryptBackupPassword": {"Value": password},
        "FQDN": True,
        "License": True,
        "PhoneProvisioning": True,
    }
    try:
        change(host, "POST", "/Backups/Pbx.Backup", {"description": {"Name": name_of(staged), "Contents": contents}})
        is_there = _waited_for(host, pbx, staged, step)
    except HostError as error:
        raise PushRefused(_failed(pbx, str(error))) from error
    if not is_there:
        raise PushRefused(_failed(pbx, f"{name_of(staged)} was not there after {_PATIENCE:.0f} s"))


def tidy(host: Host) -> None:
    """Remove the oldest backups that this machine had made, but for the last of them; HostError where it cannot be."""
    shelf = api_of(host).shelf
    names = _names(shelf)
    for name in names[:-MOST]:
        try:
            change(host, "DELETE", f"/Backups({literal(name)})")
        except ApiRefused as error:
            if error.fault.status != _NOT_FOUND:  # else somebody has removed it
                raise
        names = [one for one in names if one != name]
        shelf.write(_KEPT, json.dumps(names))


def _names(shelf: Shelf) -> list[str]:
    """Never one that is not of our making, whatever the shelf says."""
    try:
        told = json.loads(shelf.read(_KEPT) or "[]")
    except ValueError:
        return []
    return [name for name in told if isinstance(name, str) and _OURS.fullmatch(name)] if isinstance(told, list) else []


def _waited_for(host: Host, pbx: Pbx, staged: Staged, step: Callable[[str], None]) -> bool:
    until = time.monotonic() + _PATIENCE
    while True:
        step(f"waiting for the backup {name_of(staged)}, {_PATIENCE:.0f} s at most")
        need(host, pbx, staged.lease)
        files = pages(host, "/Backups?$select=FileName")
        made = [str(file.get("FileName")) for file in files if staged.lease.push in str(file.get("FileName"))]
        if made:
            shelf = api_of(host).shelf
            shelf.write(_KEPT, json.dumps([*_names(shelf), *made]))
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE)


def _failed(pbx: Pbx, reason: str) -> Finding:
    return Finding(
        code="TCX-26",
        message=f"the PBX made no backup, so nothing was changed: {reason}",
        mend="look at Backup and Restore in its console: room on the disk, the place where backups go",
        place=pbx.place,
        pbx=pbx.name,
    )
