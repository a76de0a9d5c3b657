"""What real PBXs are proven of, on a page: every leg, with evidence and without a secret."""

from __future__ import annotations

import base64
import re
from html import unescape

import pytest

from tests.live.company import Company

pytestmark = pytest.mark.live


@pytest.mark.full
def test_a_page_shows_every_leg_of_real_pbxs_with_evidence_and_without_a_secret(company: Company) -> None:
    ran = company.confgen("verify", "--html", "proof.html", "--evidence")
    page = (company.folder / "proof.html").read_text(encoding="utf-8")

    assert ran.code == 0, ran.told
    legs = re.findall('aria-label="([^"]*: signalling [^"]*)"', page)
    assert sorted(leg.partition(",")[0].partition(":")[0] for leg in legs) == [
        "hq-branch",
        "hq-old",
        "phones of branch",
        "phones of hq",
        "phones of old",
    ]
    assert {leg.partition(": ")[2] for leg in legs} == {"signalling passed, media passed"}
    assert "<pre>" in page
    secrets = [path.read_text(encoding="utf-8").strip() for path in (company.folder / "secrets").iterdir()]
    for told in (unescape(page), ran.out):
        assert not [secret for secret in secrets if secret in told]
        # RFC 4568 §6.2: the key and salt of AES_CM_128 are 30 bytes, in base64 after `inline:`
        keys = re.findall(r"inline:([A-Za-z0-9+/]{40}={0,2})", told)
        assert not [key for key in keys if len(base64.b64decode(key)) == 30]
        assert not re.findall(r'response="[0-9a-f]{32,}"', told)
