"""The demonstration: a small company on three real Asterisk hosts and a 3CX, pushed, proven, changed, proven again.

The 3CX is a contract fake of its API, and no 3CX. A fifth host plays the company's provider.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from lab.host import HostSpec
from lab.instance import Instance
from lab.machine import LabUnavailable
from lab.pki import Authority, make_authority
from lab.provider import Customer, Provider, ProviderSecurity
from lab.root_folder import BuildFailed, Root, build_all
from lab.threecx.service import ThreeCx, ThreeCxFailed
from lab.threecx.stand_in import NotRegistered, StandIn

_CHECKOUT = Path(__file__).parents[1]
FOLDER = _CHECKOUT / ".demo"
_PROVIDER = "carrier"
_OLD_SITE = "warehouse"  # the only one on Asterisk 16
THREECX = "shop"
THREECX_TRUNK = "headquarters-shop"
HONESTLY = (
    f"{THREECX} is a contract fake of 3CX's API and no 3CX: what is done there is contract-tested against the\n"
    "   vendor's published API 20.0.x, not yet run on a live 3CX. The other PBXs are real. Its proofs say so (TCX-44)."
)
_PENDING_CHANGES = 3  # exit code of `confgen plan` when a push would change something
_CERTIFICATE_DAYS = 90


class DemoFailed(Exception):
    """A step did not end as it should."""


def main() -> int:
    """Run it; the exit code is that of a program that worked, or not."""
    started = time.monotonic()
    try:
        missing = _missing_old_asterisk()
        with Instance("demo", _specs(with_old_site=missing is None), report=_say) as lab:
            _say(f"hosts are up: {', '.join(f'{name} {host.address}' for name, host in lab.hosts.items())}")
            authority = write_company(lab)
            _open_provider(lab, authority)
            with threecx(lab, authority):
                _play(lab, authority)
    except (LabUnavailable, BuildFailed, ThreeCxFailed, NotRegistered, DemoFailed) as error:
        _say(f"the demonstration failed: {error}")
        return 1
    except KeyboardInterrupt:
        _say("interrupted; the hosts are gone")
        return 130
    _say(
        f"done in {time.monotonic() - started:.0f} s; nothing is left running. See .demo/proof.html, and .demo/rendered"
    )
    if missing is not None:
        _say(f"{_OLD_SITE}: NOT RUN, Asterisk 16 cannot be had here: {missing}")
        return 1 if os.environ.get("CI") == "true" else 0
    return 0


def _missing_old_asterisk() -> str | None:
    """Why there is no Asterisk 16; None when there is one."""
    built = build_all((Root.ASTERISK_22, Root.ASTERISK_16), _say)
    failed = built[Root.ASTERISK_22]
    if isinstance(failed, BuildFailed):
        raise failed
    old = built[Root.ASTERISK_16]
    return str(old) if isinstance(old, BuildFailed) else None


def _specs(*, with_old_site: bool) -> tuple[HostSpec, ...]:
    names = ["headquarters", "branch"]
    specs = [HostSpec(name=name, domain=f"{name}.example.test") for name in names]
    specs.append(HostSpec(name=THREECX, domain=f"{THREECX}.example.test", runs_asterisk=False))
    if with_old_site:
        specs.append(HostSpec(name=_OLD_SITE, domain=f"{_OLD_SITE}.example.test", root=Root.ASTERISK_16))
    specs.append(HostSpec(name=_PROVIDER, domain=f"{_PROVIDER}.example.test"))
    return tuple(specs)


def write_company(lab: Instance) -> Authority:
    """The shipped inventory, with throw-away keys, certificates and secrets beside it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for folder in ("pki", "secrets", "ssh"):
        (FOLDER / folder).mkdir(parents=True, mode=0o700)
    shutil.copy(_CHECKOUT / "inventory.yaml", FOLDER)
    shutil.copy(lab.client_key, FOLDER / "ssh" / "id_ed25519")
    shutil.copy(lab.known_hosts, FOLDER / "ssh" / "known_hosts")
    authority = make_authority()
    (FOLDER / "pki" / "authority.crt").write_bytes(authority.pem)
    inventory = _inventory()
    for name, pbx in inventory["pbxs"].items():
        if name == THREECX:  # it has a certificate, and makes the passwords of its users
            words = ["api", "backup"]
        else:
            issued = authority.issue(names=[pbx["sip"]["domain"]], addresses=[pbx["address"]], days=_CERTIFICATE_DAYS)
            issued.write(FOLDER / "pki", name)
            words = [*_numbers(pbx["extensions"]), "probe"]
        for word in words:
            _write_secret(f"{name}-{word}")
    for trunk in inventory["trunks"]:
        _write_secret(trunk)
    return authority


def _open_provider(lab: Instance, authority: Authority) -> None:
    """The company's provider takes TLS and SRTP alone, and knows the company by its account."""
    trunk = _inventory()["trunks"][_PROVIDER]
    customer = Customer(
        user=trunk["account"]["user"],
        password=_secret(_PROVIDER),
        numbers=tuple(trunk["dids"]),
    )
    Provider(
        host=lab.hosts[_PROVIDER], security=ProviderSecurity.SECURE, authority=authority, customers=[customer]
    ).open()


def threecx(lab: Instance, authority: Authority) -> ThreeCx:
    """Its users were made in the console, as on any 3CX: confgen makes none."""
    pbx = _inventory()["pbxs"][THREECX]
    return ThreeCx(
        host=lab.hosts[THREECX],
        authority=authority,
        client=pbx["api"]["client"],
        secret=_secret(f"{THREECX}-api"),
        users=_numbers(pbx["extensions"]),
    )


def _inventory() -> dict[str, Any]:
    inventory: dict[str, Any] = yaml.safe_load((FOLDER / "inventory.yaml").read_text(encoding="utf-8"))
    return inventory


def _numbers(extensions: dict[str, object]) -> list[str]:
    numbers = []
    for key in extensions:
        first, _, last = key.partition("-")
        numbers += [str(number) for number in range(int(first), int(last or first) + 1)]
    return numbers


def _write_secret(name: str) -> None:
    path = FOLDER / "secrets" / name
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(18) + "\n", encoding="ascii")


def _secret(name: str) -> str:
    return (FOLDER / "secrets" / name).read_text(encoding="ascii").strip()


def _play(lab: Instance, authority: Authority) -> None:
    limit = [] if _OLD_SITE in lab.hosts else ["--limit", f"headquarters,branch,{THREECX}"]
    _say(HONESTLY)
    _say("1. Is the inventory right? No PBX is asked.")
    _confgen(lab, "validate")
    _say("2. What each PBX would get, with placeholders for every secret.")
    _confgen(lab, "render", "--out", "rendered")
    _say("3. Push: the hosts run the configuration their package came with; `--adopt` keeps it as generation 0.")
    _confgen(lab, "push", "--adopt", *limit)
    _say(
        f"{THREECX_TRUNK} is pending: the fake speaks no SIP, and nobody has registered. From now on an Asterisk on\n"
        "   its host plays that part: it registers by the trunk's name and secret, and answers what calls there."
    )
    register_threecx(lab, authority)
    _say(f"4. One more extension at the branch; {THREECX} bans after 3 failed logins, not 5. What would change?")
    change_inventory()
    _confgen(lab, "plan", *limit, expected=_PENDING_CHANGES)
    _say("5. Only that is pushed.")
    _confgen(lab, "push", *limit)
    _say("6. What is proven, measured anew; the page to hand on is .demo/proof.html.")
    _confgen(lab, "verify", *limit, "--html", "proof.html")


def register_threecx(lab: Instance, authority: Authority) -> None:
    """From now on an Asterisk on its host plays its trunk, in SIP over TLS and SRTP."""
    StandIn(
        host=lab.hosts[THREECX],
        trunk=THREECX_TRUNK,
        peer=lab.hosts["headquarters"],
        password=_secret(THREECX_TRUNK),
        authority=authority,
    ).register()


def change_inventory() -> None:
    """One more extension at the branch, and a shorter patience of the 3CX."""
    inventory = FOLDER / "inventory.yaml"
    text = inventory.read_text(encoding="utf-8")
    workshop = '      "202": {name: Workshop}\n'
    text = text.replace(workshop, workshop + '      "203": {name: Canteen}\n')
    inventory.write_text(text.replace("hack_auth_requests: 5", "hack_auth_requests: 3"), encoding="utf-8")
    _write_secret("branch-203")


def _confgen(lab: Instance, *words: str, expected: int = 0) -> None:
    print(f"\n$ confgen {' '.join(words)}", flush=True)
    settings = [f"PYTHONPATH={_CHECKOUT}", f"XDG_STATE_HOME={FOLDER / 'state'}"]
    program = ["env", f"--chdir={FOLDER}", *settings, sys.executable, "-m", "confgen", *words]
    process = lab.popen(program, stdin=subprocess.DEVNULL)
    code = process.wait()
    if code != expected:
        raise DemoFailed(f"`confgen {' '.join(words)}` ended with {code}, not {expected}")


def _say(words: str) -> None:
    print(f"\n== {words}" if words[:1].isdigit() else f"== {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
