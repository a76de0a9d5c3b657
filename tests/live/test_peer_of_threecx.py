"""A trunk between a 3CX and an Asterisk, from declaration to proof: its API is a contract fake, its calls are real."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from lab.clients.phone import Phone
from lab.clients.pjsua import answer_with_pjsua2
from lab.host import HostSpec
from lab.instance import Instance
from lab.threecx.service import ThreeCx
from tests.live.company import Company, Ran

pytestmark = [pytest.mark.full, pytest.mark.timeout(400)]  # a lab of its own, and two pushes
_SPECS = (
    HostSpec(name="hq", domain="hq.example.test"),
    HostSpec(name="site", domain="site.example.test", runs_asterisk=False),
)
_INVENTORY = """\
version: 1
defaults:
  ssh: {{user: root, identity_file: {key}, known_hosts: {known_hosts}}}
  emergency: {{waived: {{owner: the tests, reason: nobody lives in the lab, until: "2099-12-31"}}}}
pbxs:
  hq:
    kind: asterisk
    product_version: "22.10.1"
    address: {hq}
    sip: {{domain: hq.example.test, tls_versions: ["1.2", "1.3"]}}
    certificate: {{chain: {{file: pki/hq.crt}}, key: {{file: pki/hq.key}}, authority: {{file: pki/authority.crt}}}}
    echo_number: "600"
    extension_defaults: {{secret: {{file: "secrets/{{extension}}"}}, permit: [10.77.0.0/24]}}
    extensions:
      "101": {{}}
    probe: {{secret: {{file: secrets/probe}}, permit: [10.77.0.1]}}
    routes: [{{numbers: "4XX", trunk: hq-site}}]
  site:
    kind: threecx
    product_version: "20.0.10"
    address: {site}
    sip: {{domain: site.example.test}}
    api: {{client: confgen, secret: {{file: secrets/client}}, authority: {{file: pki/authority.crt}}}}
    backup: {{secret: {{file: secrets/backup}}}}
    echo_number: "400"
    verify: {{levels: [state, call]}}
trunks:
  hq-site: {{between: [hq, site], secret: {{file: secrets/hq-site}}}}
"""


def inventory(lab: Instance) -> str:
    addresses = {name: host.address for name, host in lab.hosts.items()}
    return _INVENTORY.format(key=lab.client_key, known_hosts=lab.known_hosts, **addresses)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with Instance(f"peer-{os.getpid()}", _SPECS) as lab:
        company = Company(
            lab,
            tmp_path_factory.mktemp("company"),
            inventory,
            {"hq": ("101",)},
            ("hq-site", "client", "backup"),
        )
        secret = (company.folder / "secrets" / "client").read_text().strip()
        with ThreeCx(host=lab.hosts["site"], authority=company.issuer, secret=secret):
            yield company


def test_a_trunk_is_declared_once_and_proven_when_the_3cx_has_registered(company: Company) -> None:
    pushed = company.confgen("push", "--adopt", "--format", "json", timeout=300)
    assert pushed.code == 0, pushed.told
    assert _leg(pushed) == ("pending", {"CALL-01": "pending", "CALL-02": "pending", "LEG-04": "not checked"})

    absent = company.verify("hq", "site")
    assert _leg(absent) == ("not proven", {"CALL-01": "failed", "CALL-02": "unknown", "LEG-04": "not checked"})
    with ThreadPoolExecutor(1) as executor:
        answering = executor.submit(answer_with_pjsua2, company.lab, _as_the_3cx(company), 0.4)
        deadline = time.monotonic() + 20
        while " Avail " not in company.lab.hosts["hq"].asterisk("pjsip show contacts"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        present = company.verify("hq", "site")
        run = answering.result()

    assert _leg(present) == ("proven in part", {"CALL-01": "passed", "CALL-02": "passed", "LEG-04": "not checked"})
    assert run.offered == ("RTP/SAVP",)
    assert run.call is not None
    assert run.call.is_srtp


def _as_the_3cx(company: Company) -> Phone:
    """The trunk's name and secret are all that the other end has to be told."""
    return Phone(
        user="hq-site",
        password=(company.folder / "secrets" / "hq-site").read_text().strip(),
        server=company.lab.hosts["hq"].domain,
        authority=company.authority,
    )


def _leg(ran: Ran) -> tuple[str, dict[str, str]]:
    """The outcome of the trunk's leg, and the verdicts of its checks by code."""
    (leg,) = ran.answer["legs"]
    return leg["outcome"], {check["code"]: check["verdict"] for check in leg["checks"]}
