"""Faults that a PBX can have while it looks well: data, each with what is done by hand to a pushed host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.host import Host
from lab.pki import Authority
from tests.live import seeds
from tests.live.seeds import Seed, adding_sip, console, dialplan, http, load, logger, manager, option, rtp, sip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is done to the host, the codes that must tell of it, and the versions of Asterisk that can have it."""

    name: str
    seed: Callable[[Host, Authority], None]  # the authority is the one that phones trust
    codes: frozenset[str]
    versions: tuple[int, ...]


def _fault(codes: str, name: str, seed: Seed, *, versions: tuple[int, ...] = (22, 16)) -> Fault:
    return Fault(name=name, seed=lambda host, _: seed(host), codes=frozenset(codes.split()), versions=versions)


def _served(codes: str, name: str, seed: Callable[[Host, Authority], None]) -> Fault:
    """A certificate that the authority has issued, and is wrong all the same."""
    return Fault(name=name, seed=seed, codes=frozenset(codes.split()), versions=(22, 16))


def _set(codes: str, name: str, value: str) -> Fault:
    """An option of pjsip.conf set to another value, wherever it stands."""
    return _fault(codes, f"{name} = {value}", sip(option(name, value)))


FAULTS = (
    # how SIP is carried
    _fault("CLEAR-01 CLEAR-04", "an added UDP transport", seeds.add_udp_transport),
    _fault("CLEAR-01 CLEAR-02", "a second UDP transport on another port", adding_sip(seeds.transport("udp", 5072))),
    _fault("CLEAR-01 CLEAR-04", "an added TCP transport", adding_sip(seeds.transport("tcp", 5060))),
    _fault("CLEAR-02 CLEAR-04", "a removed transport whose socket still answers", seeds.add_udp_and_remove_it_again),
    _fault("CLEAR-02 STATE-02", "a second TLS transport that nobody checked", adding_sip(seeds.second_tls_transport)),
    _fault("STATE-03 STATE-07", "the transport on another port", sip(option("bind", "0.0.0.0:5071"))),
    _fault("TLS-01 TLS-05", "`method` left out", sip("/^method = /d")),
    _set("TLS-01 TLS-05", "method", "tlsv1_1"),
    _fault("TLS-02 TLS-06", "`cipher` left out", sip("/^cipher = /d")),
    _fault("TLS-02 TLS-06", "weak suites added", sip("s/^cipher = .*/&,ECDHE-ECDSA-AES128-SHA,AES128-SHA/")),
    _fault("TLS-02 TLS-06", "a weak suite put first", sip("s/^cipher = /&ECDHE-ECDSA-AES128-SHA,/")),
    _fault("TLS-03", "a client certificate demanded of phones", seeds.demand_client_certificates),
    _fault("TLS-03", "verify_server = no", seeds.trust_every_server),
    _fault("CERT-01", "the CA left out", sip("/^ca_list_file = /d")),
    _fault("CERT-01", "every public CA trusted", sip(option("ca_list_file", "/etc/ssl/certs/ca-certificates.crt"))),
    _fault("CERT-02 TLS-07", "a key that does not fit", seeds.key_of_another),
    _fault("CERT-02", "keys deleted from the disk", seeds.delete_keys),
    _fault("CERT-02", "a certificate changed on disk and not loaded", seeds.certificate_on_disk),
    _served("CERT-10 CERT-19", "an expired certificate", seeds.serve_expired),
    _served("CERT-10 CERT-16", "a certificate for another name", seeds.serve_another_name),
    _served("CERT-10 CERT-17", "a missing intermediate", seeds.serve_no_intermediate),
    _served("CERT-18", "intermediates out of order", seeds.serve_out_of_order),
    _served("CERT-11", "another certificate than pushed", seeds.serve_another),
    # media
    _fault("SRTP-01 SRTP-05", "media_encryption = no", sip("s/^media_encryption = sdes/media_encryption = no/")),
    _fault("SRTP-01", "SDES where DTLS was pushed", sip("s/^media_encryption = dtls/media_encryption = sdes/")),
    _set("SRTP-02", "media_encryption_optimistic", "yes"),  # the dialplan's guard still refuses the clear call itself
    _set("CALL-14 SRTP-03", "dtls_verify", "no"),
    _set("SRTP-03", "dtls_fingerprint", "SHA-1"),
    _set("SRTP-03", "direct_media", "yes"),
    _set("SRTP-03", "srtp_tag_32", "yes"),
    _set("SRTP-03", "t38_udptl", "yes"),
    _set("STATE-03", "rtp_timeout", "0"),
    _fault("STATE-03", "another codec", sip(option("allow", "gsm"))),
    _fault("SRTP-09", "strictrtp = no", rtp(option("strictrtp", "no"))),
    _fault("SRTP-10", "srtpreplayprotection = no", rtp(option("srtpreplayprotection", "no"))),
    _fault("STATE-05", "other RTP ports", rtp(option("rtpend", "20999"))),
    # who calls
    _fault("AUTH-01 AUTH-02", "endpoints without `auth`", sip("/^auth = /d")),
    _fault("AUTH-01", "an access list taken away", sip("/^deny = /d;/^permit = /d")),
    _set("AUTH-01", "identify_by", "username,ip"),
    _set("AUTH-21", "max_contacts", "5"),
    _fault("AUTH-20 STATE-02 STATE-08", "anonymous callers identified", seeds.let_anonymous_in),
    _fault("STATE-02", "an endpoint of somebody else's", adding_sip(seeds.ENDPOINT)),
    _fault("STATE-02 STATE-06", "such an endpoint in an included file", seeds.include_endpoint),
    _fault("STATE-01 STATE-06", "an endpoint dropped for a wrong option", seeds.drop_endpoint),
    _fault("MGMT-12", "debug = yes", sip("s/^type = global/&\\ndebug = yes/")),
    _set("STATE-11", "user_agent", "Asterisk PBX"),
    # files and reloads
    _fault("STATE-01 STATE-06", "an emptied pjsip.conf and a reload", seeds.empty_sip),
    _fault("STATE-06 STATE-10", "a reload that did not take", seeds.reload_nonsense),
    _fault("STATE-10", "a reload that did not take, its file put back", seeds.reload_nonsense_and_put_it_back),
    _fault("STATE-06 STATE-10", "a dialplan that includes no file", seeds.include_nothing),
    # the dialplan
    _fault("DIAL-02", "an extension removed in memory", console("dialplan remove extension 600@extensions")),
    _fault(
        "DIAL-02", "a trunk that reaches outbound routes", console("dialplan add include confgen-routes into peers")
    ),
    _fault("DIAL-02 STATE-06", "no guard against calls in clear", dialplan("s/Gosub(confgen-guard,s,1)/NoOp()/")),
    _fault("DIAL-01", "trunks in the context of the phones", sip("s/^context = peers/context = phones/")),
    _set("DIAL-01", "allow_transfer", "yes"),
    # modules and other doors
    _fault("SRTP-04 SRTP-05", "res_srtp unloaded", console("module unload res_srtp.so")),
    _fault("STATE-04", "app_echo unloaded", console("module unload app_echo.so")),
    _fault("CLEAR-02 STATE-08", "IAX2 loaded by hand on an RTP port", seeds.load_iax(20100)),
    _fault("CLEAR-02 STATE-08", "IAX2 loaded by hand", seeds.load_iax(4569)),
    _fault("CLEAR-02 CLEAR-04 STATE-08", "chan_sip loaded by hand", seeds.load_chan_sip, versions=(16,)),
    _fault("CLEAR-02 STATE-08", "MGCP loaded by hand", load("chan_mgcp", "mgcp.conf", "port = 2427"), versions=(16,)),
    _fault("CLEAR-02 STATE-08", "DUNDi loaded by hand", load("pbx_dundi", "dundi.conf", "bindaddr = 0.0.0.0")),
    _fault("STATE-08", "WebSockets loaded by hand", load("res_http_websocket")),
    _fault("CLEAR-02 MGMT-01", "AMI on all addresses", manager(option("enabled", "yes\\nbindaddr = 0.0.0.0"))),
    _fault("MGMT-10", "a user of the AMI", manager("$a [mallory]\\nsecret = x\\nwrite = system")),
    _fault("CLEAR-02 MGMT-02", "HTTP without TLS", http(option("enabled", "yes\\nbindaddr = 0.0.0.0"))),
    _fault("MGMT-03", "security events not logged", logger("/^security.log/d")),
    _fault("STATE-04", "Asterisk stopped", seeds.stop),
)
