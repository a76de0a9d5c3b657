"""What somebody does by hand to a pushed host, so that it is not what was pushed any more."""

from __future__ import annotations

from collections.abc import Callable

from lab.host import Host
from lab.pki import Authority, Issued, make_authority

CURRENT = "/etc/confgen/asterisk/current/etc"
ENDPOINT = "\n[mallory]\ntype = endpoint\ncontext = phones\ndisallow = all\nallow = alaw\n"
_NONSENSE = "s/^identify_by = username/&\\nno_such_option = yes/"
_RELOAD_SIP = "module reload res_pjsip.so"

Seed = Callable[[Host], None]


def option(name: str, value: str) -> str:
    """An option set to another value, wherever it stands, in the words of sed."""
    return f"s|^{name} = .*|{name} = {value}|"


def sip(expression: str) -> Seed:
    """An edit of pjsip.conf, in the words of sed, and a reload."""
    return _edited("pjsip.conf", expression, _RELOAD_SIP)


def rtp(expression: str) -> Seed:
    """The same for rtp.conf."""
    return _edited("rtp.conf", expression, "module reload res_rtp_asterisk.so")


def dialplan(expression: str) -> Seed:
    """The same for extensions.conf."""
    return _edited("extensions.conf", expression, "dialplan reload")


def manager(expression: str) -> Seed:
    """The same for manager.conf."""
    return _edited("manager.conf", expression, "module reload manager")


def http(expression: str) -> Seed:
    """The same for http.conf."""
    return _edited("http.conf", expression, "module reload http")


def logger(expression: str) -> Seed:
    """The same for logger.conf."""
    return _edited("logger.conf", expression, "logger reload")


def adding_sip(text: str | Callable[[str], str]) -> Seed:
    """More text in pjsip.conf, and a reload; it may be made of the text that is there."""

    def seed(host: Host) -> None:
        _add_sip(host, text if isinstance(text, str) else text(host.read(f"{CURRENT}/pjsip.conf").decode()))

    return seed


def transport(protocol: str, port: int) -> str:
    """A transport in clear text."""
    return f"\n[transport-{protocol}]\ntype = transport\nprotocol = {protocol}\nbind = 0.0.0.0:{port}\n"


def second_tls_transport(text: str) -> str:
    """The transport that is there once more, on another port and with all that Asterisk thinks safe."""
    files = [line for line in text.splitlines() if line.startswith(("cert_file", "priv_key_file"))]
    return "\n".join(["", "[tls-2]", "type = transport", "protocol = tls", "bind = 0.0.0.0:5073", *files[:2], ""])


def console(command: str) -> Seed:
    """A command of Asterisk's console."""

    def seed(host: Host) -> None:
        said = host.asterisk(command)
        assert "No such" not in said, said
        assert "ailed" not in said, said

    return seed


def load(module: str, file: str = "", *options: str) -> Seed:
    """A module loaded by hand, with its file."""

    def seed(host: Host) -> None:
        if file:
            host.write(f"/etc/asterisk/{file}", "\n".join(["[general]", *options, ""]).encode(), mode=0o644)
        assert "Loaded" in host.asterisk(f"module load {module}.so")

    return seed


def load_iax(port: int) -> Seed:
    """IAX2, with a user who needs no password."""
    return load("chan_iax2", "iax.conf", f"bindport = {port}", "[guest]", "type = user", "context = phones")


load_chan_sip = load("chan_sip", "sip.conf", "udpbindaddr = 0.0.0.0:5060", "allowguest = yes", "context = phones")


def add_udp_transport(host: Host) -> None:
    _add_sip(host, transport("udp", 5060))


def add_udp_and_remove_it_again(host: Host) -> None:
    text = host.read(f"{CURRENT}/pjsip.conf")
    add_udp_transport(host)
    host.write(f"{CURRENT}/pjsip.conf", text)
    host.asterisk(_RELOAD_SIP)
    assert "udp" not in host.asterisk("pjsip show transports")


def reload_nonsense(host: Host) -> None:
    """In a log of its own: behind what a phone may have sent nothing is certain."""
    host.asterisk("logger rotate")
    sip(_NONSENSE)(host)


def include_nothing(host: Host) -> None:
    """Likewise."""
    host.asterisk("logger rotate")
    dialplan("1s/^/#include nosuch.conf\\n/")(host)


def empty_sip(host: Host) -> None:
    host.write(f"{CURRENT}/pjsip.conf", b"")
    host.asterisk(_RELOAD_SIP)


def reload_nonsense_and_put_it_back(host: Host) -> None:
    text = host.read(f"{CURRENT}/pjsip.conf")
    reload_nonsense(host)
    host.write(f"{CURRENT}/pjsip.conf", text)
    host.asterisk(_RELOAD_SIP)


def demand_client_certificates(host: Host) -> None:
    sip(f"{option('verify_client', 'yes')};{option('require_client_cert', 'yes')}")(host)


def trust_every_server(host: Host) -> None:
    """A reload does not take this alone (seen on 16 and 22)."""
    _edited("pjsip.conf", option("verify_server", "no"))(host)
    _restart(host)


def drop_endpoint(host: Host) -> None:
    """With a reload Asterisk would keep the old one."""
    _edited("pjsip.conf", r"0,/^identify_by = username/s//&\nno_such_option = yes/")(host)
    _restart(host)


def let_anonymous_in(host: Host) -> None:
    assert "Loaded" in host.asterisk("module load res_pjsip_endpoint_identifier_anonymous.so")
    _edited("pjsip.conf", option("endpoint_identifier_order", "username,anonymous"))(host)
    _add_sip(host, ENDPOINT.replace("mallory", "anonymous"))


def include_endpoint(host: Host) -> None:
    host.write("/etc/asterisk/more.conf", ENDPOINT.encode(), mode=0o644)
    _add_sip(host, "\n#include more.conf\n")


def key_of_another(host: Host) -> None:
    _overwrite(host, ".key", make_authority().issue(names=[host.domain]).key)
    _restart(host)


def certificate_on_disk(host: Host) -> None:
    _overwrite(host, ".crt", make_authority().issue(names=[host.domain]).certificate)


def delete_keys(host: Host) -> None:
    host.run(["sh", "-c", "rm /etc/confgen/asterisk/keys/*.key"], check=True)


def serve_expired(host: Host, authority: Authority) -> None:
    _serve(host, authority.issue(names=[host.domain], days=-1))


def serve_another_name(host: Host, authority: Authority) -> None:
    _serve(host, authority.issue(names=["other.example.test"], days=90))


def serve_no_intermediate(host: Host, authority: Authority) -> None:
    _serve(host, authority.between().issue(names=[host.domain], days=90))


def serve_out_of_order(host: Host, authority: Authority) -> None:
    between = authority.between()
    _serve(host, between.issue(names=[host.domain], days=90), authority.pem + between.pem)


def serve_another(host: Host, authority: Authority) -> None:
    _serve(host, authority.issue(names=[host.domain], days=90))


def stop(host: Host) -> None:
    host.run(["systemctl", "stop", "asterisk"], check=True)


def _edited(file: str, expression: str, *commands: str) -> Seed:
    def seed(host: Host) -> None:
        before = host.read(f"{CURRENT}/{file}")
        host.run(["sed", "-i", expression, f"{CURRENT}/{file}"], check=True)
        assert host.read(f"{CURRENT}/{file}") != before
        for command in commands:
            host.asterisk(command)

    return seed


def _add_sip(host: Host, text: str) -> None:
    host.write(f"{CURRENT}/pjsip.conf", host.read(f"{CURRENT}/pjsip.conf") + text.encode())
    host.asterisk(_RELOAD_SIP)


def _overwrite(host: Host, suffix: str, content: bytes) -> None:
    names = host.run(["ls", "/etc/confgen/asterisk/keys"], check=True).stdout.decode().split()
    name = next(name for name in names if name.endswith(suffix) and ".authority" not in name)
    host.write(f"/etc/confgen/asterisk/keys/{name}", content)


def _serve(host: Host, issued: Issued, behind: bytes = b"") -> None:
    """Certificate and key in the place of the pushed ones, and what is served behind the certificate."""
    _overwrite(host, ".crt", issued.certificate + behind)
    _overwrite(host, ".key", issued.key)
    _restart(host)


def _restart(host: Host) -> None:
    host.run(["systemctl", "restart", "asterisk"], check=True)
    host.asterisk("core waitfullybooted")
