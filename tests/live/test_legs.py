"""A leg between two PBXs is proven by both of them, or not at all."""

from __future__ import annotations

import pytest

from tests.live.company import Company


@pytest.mark.full
@pytest.mark.parametrize("silent", ["old", "hq"], ids=["16", "22"])
def test_an_end_that_keeps_nothing_of_the_call_is_named(company: Company, silent: str) -> None:
    host, other = company.lab.hosts[silent], "hq" if silent == "old" else "old"
    host.asterisk("dialplan remove extension 600@peers")
    try:
        verified = company.verify("hq", "old")
    finally:
        host.asterisk("dialplan reload")

    (leg,) = [leg for leg in verified.answer["legs"] if leg["name"] == "hq-old"]
    from_other = [check for check in leg["checks"] if check["subject"] == f"hq-old: {other} to {silent}"]
    from_silent = [check for check in leg["checks"] if check["subject"] == f"hq-old: {silent} to {other}"]
    assert [(check["code"], check["verdict"]) for check in from_other] == [("LEG-01", "unknown")] * 2
    assert all(check["message"].startswith(f"{silent}, which was called,") for check in from_other)
    assert [(check["code"], check["verdict"]) for check in from_silent] == [
        ("CALL-01", "passed"),
        ("CALL-02", "passed"),
    ]
