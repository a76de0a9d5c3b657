"""How a PBX stands with a provider is told from what it did just now, in the words of Asterisk 22 and 16."""

from __future__ import annotations

import pytest

from confgen.drivers import asterisk
from confgen.model.driver import ProviderAnswer, Standing
from confgen.model.provider import ProviderTrunk
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.model.pbxs import a_pbx, a_provider, a_provider_trunk

CONTACT = "  Contact:  to-carrier/sip:carrier.example.test:5061;transp 05adab83ba Avail         1.329"
AUTHORITY = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
_OF = "[Nov 25 13:13:48] WARNING[278] res_pjsip_outbound_registration.c: "
_TO = "from 'sip:carrier.example.test:5061;transport=tls' on registration attempt to 'sip:4930123@carrier.example.test'"
_TLS = "[Nov 25 13:13:54] ERROR[337] res_pjsip/pjsip_transport_events.c: Transport 'tls-carrier' to remote "


def asked(
    *, registered: str = "yes", answered: str = "yes", contact: str = CONTACT, log: str = "", trunk: ProviderTrunk
) -> ProviderAnswer:
    blocks = {
        "registered": registered,
        "answered": answered,
        "registration": " to-carrier/sip:carrier.example.test:5061  to-carrier  Rejected  (exp. 5s)",
        "contact": contact,
        "log": log,
        "authority": AUTHORITY,
    }
    answer = "".join(f"=== {title}\n{text}\n" for title, text in blocks.items()).encode()
    host = ScriptedHost(answers={"provider": answer})
    found = asterisk.ask_provider(host, a_pbx(provider_trunks=(trunk,)), trunk)
    wanted = "yes" if trunk.account is not None else "no"
    assert host.asked == [["provider", "to-carrier", "tls-carrier", wanted]]
    assert (found.domain, found.port, found.authority) == ("carrier.example.test", 5061, AUTHORITY)
    return found


REGISTERING = a_provider_trunk()
BY_ADDRESS = a_provider_trunk(account=None, addresses=("198.51.100.7",))


@pytest.mark.parametrize(
    ("log", "standing"),
    [
        ("", Standing.REGISTERED),
        (f"{_OF}'401' fatal response received {_TO}, retrying in '300' seconds", Standing.REFUSED),
        (f"{_OF}Fatal response '403' received {_TO}, stopping outbound registration", Standing.REFUSED),
        (f"{_OF}Temporal response '401' received {_TO}, retrying in '10'", Standing.REFUSED),
        (f"{_OF}Temporal response '503' received {_TO}, retrying in '30'", Standing.OUT_OF_ORDER),
        (f"{_OF}Temporal response '408' received {_TO}, retrying in '30'", Standing.OUT_OF_ORDER),
        (f"{_OF}'401' fatal response received {_TO.replace('4930123', '493012')}, so", Standing.REGISTERED),
        (f"{_TLS}'carrier.example.test' - 10.77.0.13:5061 - The certificate is untrusted", Standing.UNTRUSTED),
        (f"{_TLS}'carrier.example.test' - The certificate is untrusted", Standing.UNTRUSTED),
        (f"{_TLS}'other.example.test' - The certificate is untrusted", Standing.REGISTERED),
    ],
)
def test_what_is_logged_meanwhile_tells_refusal_from_silence(log: str, standing: Standing) -> None:
    assert asked(log=log, trunk=REGISTERING).standing is standing


@pytest.mark.parametrize(
    ("registered", "answered", "standing"),
    [
        ("yes", "yes", Standing.REGISTERED),
        ("pending", "yes", Standing.UNANSWERED),
        ("yes", "no", Standing.UNANSWERED),
        ("pending", "no", Standing.UNANSWERED),
        ("", "", Standing.UNANSWERED),
    ],
)
def test_an_earlier_registration_and_an_earlier_answer_prove_nothing(
    registered: str, answered: str, standing: Standing
) -> None:
    assert asked(registered=registered, answered=answered, trunk=REGISTERING).standing is standing


@pytest.mark.parametrize(("answered", "standing"), [("yes", Standing.ANSWERED), ("no", Standing.UNANSWERED)])
def test_a_provider_that_wants_no_registration_is_asked_for_options(answered: str, standing: Standing) -> None:
    assert asked(registered="no", answered=answered, trunk=BY_ADDRESS).standing is standing


def test_a_pbx_that_does_not_know_the_trunk_tells_nothing() -> None:
    assert asked(contact="", registered="pending", answered="no", trunk=REGISTERING).standing is Standing.UNTOLD
    silent = asterisk.ask_provider(ScriptedHost(answers={}), a_pbx(provider_trunks=(REGISTERING,)), REGISTERING)
    assert (silent.standing, silent.authority) == (Standing.UNTOLD, "")


def test_a_provider_of_the_pbxs_own_authority_is_asked_through_its_first_transport() -> None:
    trunk = a_provider_trunk(provider=a_provider(authority=None, port=5071))
    host = ScriptedHost(answers={})
    assert asterisk.ask_provider(host, a_pbx(provider_trunks=(trunk,)), trunk).port == 5071
    assert host.asked == [["provider", "to-carrier", "tls", "yes"]]
