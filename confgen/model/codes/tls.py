"""Codes of the level tls: groups, order, client certificates, and the certificates as they are served."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="TLS-11",
        title="a small group is agreed to",
        meaning="The key exchange of TLS 1.2 can be made with a curve or a prime so small that it is broken later, "
        "together with every call whose SRTP keys it carried. confgen offers small curves alone, then before all "
        "others, and primes where DHE is allowed.",
        mend="Leave DHE out, and allow X25519, P-256, P-384 or P-521 only.",
        source="RFC 9325 §4.4, §4.5",
    ),
    Explanation(
        code="TLS-12",
        title="a weak cipher suite is chosen though a strong one is offered",
        meaning="Whose order decides, the server's or the client's, is free and told. That a client which names a weak "
        "suite first is given it is not.",
        mend="`confgen push`: with strong suites alone no order can be wrong.",
        source="RFC 9325 §4.2.1",
    ),
    Explanation(
        code="TLS-13",
        title="a stranger's client certificate is taken",
        meaning="The inventory demands certificates of the PBX's authority, and one was taken that confgen had just "
        "made and signed by itself. require_client_cert without verify_client does this.",
        mend="`confgen push`: verify_client, require_client_cert and ca_list_file are needed together.",
        source="RFC 5246 §7.4.8",
    ),
    Explanation(
        code="TLS-14",
        title="a client certificate of the authority is refused",
        meaning="The inventory demands client certificates, and the PBX refuses its own one, as it would refuse those "
        "of phones and peers. That strangers are refused proves something only where others are let in.",
        mend="Is the certificate signed by `certificate.authority`, in time, and good for clientAuth? Then push again.",
        source="RFC 5246 §7.4.6",
    ),
    Explanation(
        code="TLS-15",
        title="a client certificate is demanded, and the inventory demands none",
        meaning="Who has none is refused, and phones have none. That one is asked for is no fault: pjproject asks "
        "everybody, and lets in who has none.",
        mend="`confgen push`, or write `certificate: {client_certificates: required}`.",
        source="RFC 5246 §7.4.4",
    ),
    Explanation(
        code="CERT-16",
        title="the served certificate is not for a name that phones and trunks use",
        meaning="Phones register at the PBX's domain, and peers call it by it; both compare it with the certificate. "
        "Wildcards do not count for SIP, and neither does the common name.",
        mend="Serve a certificate that carries the name as a subject alternative name.",
        source="RFC 5922 §7",
    ),
    Explanation(
        code="CERT-17",
        title="the served chain is not complete",
        meaning="Somebody who has the authority and nothing else cannot follow the chain: a certificate between is "
        "missing, or it leads elsewhere. Browsers fetch what is missing; phones do not.",
        mend="Serve the leaf and every certificate between it and the authority; the root itself is needless.",
        source="RFC 5246 §7.4.2, RFC 8446 §4.4.2",
    ),
    Explanation(
        code="CERT-18",
        title="the served chain is out of order",
        meaning="Each certificate must be followed by its issuer. Not every phone sorts them.",
        mend="Put the leaf first, then each certificate's issuer, and nothing else.",
        source="RFC 5246 §7.4.2",
    ),
    Explanation(
        code="CERT-19",
        title="a served certificate is out of its time",
        meaning="It has ended, or has not begun: phones refuse it.",
        mend="Renew it, then push; if it has not begun, look at the clock.",
        source="RFC 5280 §4.1.2.5",
    ),
    Explanation(
        code="CERT-20",
        title="a served certificate ends within 14 days",
        meaning="`confgen verify` fails on it, so that whoever runs it every day is warned while there is time; on one "
        "that lives for less than 42 days, when a third of that is left. A push "
        "is not undone because of it.",
        mend="Renew it, then push.",
        source="RFC 5280 §4.1.2.5",
    ),
    Explanation(
        code="CERT-21",
        title="a served certificate is too weak",
        meaning="In the chain there is an RSA key below 2048 bits, a small curve, a DSA key, or a signature with SHA-1 "
        "or MD5.",
        mend="Get one with RSA 2048 or P-256 and SHA-256.",
        source="RFC 9325 §4.5",
    ),
    Explanation(
        code="CERT-22",
        title="the served certificate is not good for a server",
        meaning="Its extended key usage does not hold serverAuth: phones that look refuse it.",
        mend="Get one whose extended key usage holds serverAuth, or has no extended key usage.",
        source="RFC 5280 §4.2.1.12",
    ),
)
