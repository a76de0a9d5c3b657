"""Codes of encryption: TLS, SRTP, certificates, and what is open in clear text."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="TLS-01",
        title="the transport's `method` is not the pushed one",
        meaning="Left out, Asterisk's `method` means TLS 1.0 only, and a wrong one may take away every phone.",
        mend="`confgen push --overwrite-drift`.",
        source="RFC 9325 §3.1",
    ),
    Explanation(
        code="TLS-02",
        title="the transport's `cipher` is not the pushed one",
        meaning="confgen pushes suites with forward secrecy and authenticated encryption only.",
        mend="`confgen push --overwrite-drift`.",
        source="RFC 9325 §4.2",
    ),
    Explanation(
        code="TLS-03",
        title="who is verified is not as pushed",
        meaning="verify_server makes trunks check the peer's certificate; verify_client and require_client_cert "
        "together with an authority make phones show one. Any one alone can be passed by.",
        mend="`confgen push --overwrite-drift`.",
        source="RFC 5922",
    ),
    Explanation(
        code="TLS-04",
        title="a TLS version that is not declared is accepted",
        meaning="Measured with a ClientHello of confgen's own, so that the local OpenSSL has no say. TLS 1.0 and "
        "1.1 are broken.",
        mend="`confgen push`; where 1.2 and 1.3 are both declared, the host's openssl.cnf sets the floor: "
        "MinProtocol = TLSv1.2.",
        source="RFC 9325 §3.1, RFC 8996",
    ),
    Explanation(
        code="TLS-05",
        title="a declared TLS version is not accepted",
        meaning="Phones that speak just this version cannot register.",
        mend="`confgen push`; the Asterisk log tells whether the transport was refused.",
    ),
    Explanation(
        code="TLS-06",
        title="a weak cipher suite is accepted",
        meaning="confgen offers every suite without forward secrecy or authenticated encryption; all must be refused.",
        mend="`confgen push`.",
        source="RFC 9325 §4.2",
    ),
    Explanation(
        code="TLS-07",
        title="no TLS handshake comes about",
        meaning="The port listens and the transport is listed, and still no phone gets in. Most often the key "
        "does not fit the certificate: Asterisk says nothing about it.",
        mend="Compare key and certificate, then push again.",
    ),
    Explanation(
        code="TLS-08",
        title="a stranger without a client certificate is let in",
        meaning="The inventory demands client certificates, and somebody without one was answered.",
        mend="`confgen push`: verify_client, require_client_cert and ca_list_file are needed together.",
        source="RFC 5246 §7.4.4",
    ),
    Explanation(
        code="CERT-01",
        title="a transport or endpoint names another certificate than pushed",
        meaning="The path that Asterisk shows is not the one confgen wrote.",
        mend="`confgen push --overwrite-drift`.",
    ),
    Explanation(
        code="CERT-02",
        title="a certificate or key on disk is not the one that was pushed",
        meaning="Keys lie under the digest of their content, so a changed one is seen. Asterisk may not have "
        "loaded it yet; from its next start it would.",
        mend="Push the new certificate through the inventory: it gets a name of its own.",
    ),
    Explanation(
        code="CERT-03",
        title="a certificate file holds no certificate",
        meaning="The file is empty, in DER, or something else.",
        mend="Export it as PEM: `-----BEGIN CERTIFICATE-----`.",
    ),
    Explanation(
        code="CERT-04",
        title="the private key does not fit the certificate, or cannot be used",
        meaning="Asterisk would list the transport, listen, and fail every handshake without a line in its log.",
        mend="Name the key the certificate was made for, in PEM, without a pass phrase.",
    ),
    Explanation(
        code="CERT-05",
        title="the certificate is not for the PBX's domain",
        meaning="Phones and peers compare the name they dialled with the certificate. Wildcards do not count for SIP.",
        mend="Get a certificate that carries sip.domain as a subject alternative name.",
        source="RFC 5922 §7",
    ),
    Explanation(
        code="CERT-06",
        title="a certificate is out of its time",
        meaning="It has ended, or has not begun: phones refuse it.",
        mend="Renew it; if it has not begun, look at the clock.",
    ),
    Explanation(
        code="CERT-07",
        title="a certificate ends soon",
        meaning="It ends within 30 days.",
        mend="Renew it, then push.",
    ),
    Explanation(
        code="CERT-08",
        title="a certificate is too weak",
        meaning="RSA below 2048 bits, a small curve, or a signature with SHA-1 or MD5.",
        mend="Get one with RSA 2048 or P-256 and SHA-256.",
        source="RFC 9325 §4.5",
    ),
    Explanation(
        code="CERT-09",
        title="the chain does not lead to the authority",
        meaning="A phone that trusts the authority could not follow the chain.",
        mend="Leaf first, then each certificate's issuer; and name the authority that signed the last one.",
        source="RFC 5246 §7.4.2",
    ),
    Explanation(
        code="CERT-10",
        title="a phone would refuse the served certificate",
        meaning="confgen connected as a phone does that knows the authority and the domain, and the check failed.",
        mend="The message tells which part: name, time, or chain.",
        source="RFC 5922 §7",
    ),
    Explanation(
        code="CERT-11",
        title="the served certificate is not the pushed one",
        meaning="Asterisk still serves the certificate it loaded before, or somebody put another one there.",
        mend="`confgen push`; if it stays, restart Asterisk.",
    ),
    Explanation(
        code="CERT-12",
        title="the certificate is not good for what it is used for",
        meaning="A PBX shows its certificate as a server to phones; where client certificates are demanded, also "
        "as a client to its peers and to confgen's own probe.",
        mend="Get one whose extended key usage holds serverAuth, and clientAuth where it is demanded.",
        source="RFC 5280 §4.2.1.12",
    ),
    Explanation(
        code="CERT-13",
        title="a certificate or key that should lie on the host cannot be used",
        meaning="`on_host` names a file of the PBX's own host. It is not there, is too large, or is not what it should "
        "be, in PEM.",
        mend="Name it as it lies on the host, absolute: certbot's are /etc/letsencrypt/live/NAME/fullchain.pem and "
        "privkey.pem.",
    ),
    Explanation(
        code="CERT-14",
        title="a certificate or key on the host is not root's alone",
        meaning="Root copies it to where Asterisk can read it. Whoever could write it, or a folder or link on the way, "
        "could have root copy another file. Certificates must not share a file with a key: they are shown.",
        mend="Let root own it and everything on the way to it, and nobody else write there; keep the key apart.",
    ),
    Explanation(
        code="CERT-15",
        title="a key on the host was changed while it was pushed",
        meaning="It is no longer the key that was looked at, perhaps because it was renewed just now.",
        mend="Push again.",
    ),
    Explanation(
        code="CERT-23",
        title="a certificate was not looked at",
        meaning=(
            "`confgen validate` opens certificates and authorities that lie in plain files, within the inventory's "
            "folder or git repository. This one is not there, or lies outside, where a stranger's inventory must not "
            "tell what there is, or is had from elsewhere, or lies on the PBX's own host. Nothing is known of it."
        ),
        mend="Put the file where the inventory says, or validate `--with-secrets`: a missing one is an error then.",
    ),
    Explanation(
        code="SRTP-01",
        title="media_encryption is not the pushed one",
        meaning="With `no` the endpoint takes and makes calls that anybody on the way can hear.",
        mend="`confgen push --overwrite-drift`.",
        source="RFC 3711, RFC 4568",
    ),
    Explanation(
        code="SRTP-02",
        title="media encryption is optimistic",
        meaning="media_encryption_optimistic=yes takes a call without SRTP when the other side offers none.",
        mend="`confgen push --overwrite-drift`.",
        source="RFC 8643 speaks of opportunistic SRTP; it is not mandatory encryption",
    ),
    Explanation(
        code="SRTP-03",
        title="another option of media security is not the pushed one",
        meaning="Short authentication tags, unverified DTLS fingerprints, direct media and T.38 each open a way "
        "around SRTP.",
        mend="`confgen push --overwrite-drift`.",
        source="RFC 3711 §9.5, RFC 5763",
    ),
    Explanation(
        code="SRTP-04",
        title="the module res_srtp does not run",
        meaning="Without it Asterisk has no SRTP at all. It can be unloaded while calls go on.",
        mend="`asterisk -rx 'module load res_srtp.so'`, or restart Asterisk.",
    ),
    Explanation(
        code="SRTP-05",
        title="an encrypted call is not answered",
        meaning="The probe's call with SRTP is the control of this level: without it, a refused clear call proves "
        "nothing.",
        mend="See whether the echo number and the probe are pushed, and res_srtp runs.",
    ),
    Explanation(
        code="SRTP-06",
        title="a call without SRTP is taken",
        meaning="An INVITE that offers plain RTP, or SAVP without a key, must get 488.",
        mend="`confgen push`.",
        source="RFC 4568 §6.1, RFC 3261 §21.4.26",
    ),
    Explanation(
        code="SRTP-07",
        title="SRTP without encryption or without authentication is taken",
        meaning="NULL suites and the session parameters UNENCRYPTED_SRTP and UNAUTHENTICATED_SRTP make SRTP an "
        "empty word.",
        mend="`confgen push`; a patched res_srtp may take what the released one refuses.",
        source="RFC 4568 §6.3",
    ),
    Explanation(
        code="CLEAR-01",
        title="a SIP transport in clear text",
        meaning="A UDP or TCP transport lets phones register without TLS; an endpoint's `transport` does not stop "
        "them.",
        mend="Remove it, then restart Asterisk: a reload leaves its socket open.",
        source="RFC 3261 §26",
    ),
    Explanation(
        code="CLEAR-02",
        title="Asterisk listens on something that nothing declares",
        meaning="A module of your own opened it (4569 is IAX2's, 2000 Skinny's, 5000 Unistim's, 2727 MGCP's, 4520 "
        "DUNDi's); or it is the socket of a transport that was removed, which answers until Asterisk restarts, "
        "although no command shows it.",
        mend="`noload` the module in your modules.conf, then restart Asterisk.",
    ),
    Explanation(
        code="CLEAR-03",
        title="clear text to the TLS port",
        meaning="SIP in clear text to the TLS port must be dropped, never answered.",
        mend="`confgen push`.",
    ),
    Explanation(
        code="CLEAR-04",
        title="a port of SIP in clear text is open",
        meaning="No such socket on the host, or a refusal, counts as closed; silence alone does not, nor a refusal "
        "where a socket of the host listens: a firewall may refuse us alone.",
        mend="Stop what listens there.",
        source="RFC 3261 §26",
    ),
)
