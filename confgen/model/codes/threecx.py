"""TCX: what a 3CX cannot be told, and what it must be told."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

_TRUNKS = "https://www.3cx.com/docs/sip-trunk-tls-srtp/"
_SECURE_SIP = "the 3CX manual, Secure SIP"

EXPLANATIONS: tuple[Explanation, ...] = (
    Explanation(
        code="TCX-01",
        title="nothing says how the API of a 3CX is asked",
        meaning=(
            "A 3CX has no configuration files: all that confgen does goes through its Configuration API, inside an SSH "
            "connection to its host, or directly where it is hosted and offers no SSH. The API wants a client with the "
            "role of a system owner, which is made in the console and needs a licence that includes the API."
        ),
        mend=(
            "Make a client for confgen alone (only one token of a client is valid at a time) and write "
            "`api: {client: NAME, secret: {env: NAME}}`. Where there is no SSH, write `direct: true` and leave "
            "`ssh.jump_hosts` out."
        ),
    ),
    Explanation(
        code="TCX-02",
        title="the backup before the first write cannot be encrypted",
        meaning=(
            "Objects of a 3CX are written one by one, and nothing on its host could undo that. Before the first write "
            "confgen has the PBX make a backup of itself. It holds every password, so that it is made encrypted or not "
            "at all."
        ),
        mend="Write `backup: {secret: …}`, and keep that secret where you keep those of your PBXs.",
    ),
    Explanation(
        code="TCX-03",
        title="a setting of an extension that 3CX has no field for",
        meaning=(
            "A user of a 3CX can be made to take SRTP only (with SDES), and to refuse what comes from outside. There "
            "is no field for DTLS-SRTP, for another digest than MD5, for networks, devices or codecs of one user, nor"
            " for TLS. What `defaults` or a group say is passed over for a 3CX, and told here if it was a demand."
        ),
        mend="Remove it, or write it in a group of those PBXs that can do it; `lan_only` and `blocklist` may serve.",
        source=_SECURE_SIP,
    ),
    Explanation(
        code="TCX-04",
        title="a setting of transports that 3CX decides by itself",
        meaning=(
            "The versions of TLS and the cipher suites, the addresses and ports that it listens on, its media ports "
            "and its public address are the product's own; its API tells some of them and takes none. `confgen "
            "verify` looks at the TLS port from outside and says what it accepts."
        ),
        mend="Remove it. What `defaults` say of it holds for the other PBXs.",
    ),
    Explanation(
        code="TCX-05",
        title="3CX knows no mutual TLS",
        meaning=(
            "A 3CX neither asks phones and peers for a certificate nor shows one on its trunks. Who calls is told by a "
            "digest only."
        ),
        mend="Leave `client_certificates` out for it, and write `required` where it can be done: in another group.",
        source=_TRUNKS,
    ),
    Explanation(
        code="TCX-06",
        title="a trunk that 3CX cannot encrypt",
        meaning=(
            "TLS is supported on trunks by which a 3CX registers with a provider or a peer that is known by a host "
            "name, and on no others: not where the two know each other by addresses."
        ),
        mend=(
            "Let the trunk register with an account, to a name that the far certificate carries; or let the provider's "
            "calls come to an Asterisk of this inventory, and join that with the 3CX."
        ),
        source=_TRUNKS,
    ),
    Explanation(
        code="TCX-07",
        title="calls of a 3CX are led in its own console",
        meaning=(
            "Routes, numbers from outside, ring groups, forwards, hidden caller identities and emergency numbers of a "
            "3CX are not managed: confgen encrypts its calls and does not say where they go. Such a setting would have "
            "no effect."
        ),
        mend="Remove it, and set it up in the console. Call the emergency numbers after each change there.",
    ),
    Explanation(
        code="TCX-08",
        title="3CX cannot be told whom to trust on a trunk",
        meaning=(
            "Each trunk of a 3CX holds the certificate of the authority that the far end's certificate must lead to, "
            "and it is sent through the API. Without one the far end would be anybody; and what lies on a host is not "
            "read for it."
        ),
        mend=(
            "Write the `authority` of the provider, or of the peer's `certificate`, as {file: PATH} or "
            "{command: [PROGRAM, ARGUMENT]}."
        ),
    ),
    Explanation(
        code="TCX-09",
        title="the signalling of a 3CX's phones cannot be enforced",
        meaning=(
            "No setting of a 3CX makes an extension take TLS only, and its vendor supports no phones over TLS. Their "
            "media is encrypted, and the keys of SDES stand in the signalling: who can read that can listen. Their "
            "legs are shown as not enforceable, never as passed."
        ),
        mend=(
            "Nothing in the inventory. 3CX's own apps, and phones behind its SBC, come through an encrypted tunnel; "
            "keep other phones in a network of their own."
        ),
        source=_SECURE_SIP,
        standards=("BSI NET.4.2.A14",),
    ),
    Explanation(
        code="TCX-10",
        title="the restriction of the console would shut confgen out, or nobody",
        meaning=(
            "`console.permit` is the list of networks that reach console and API. Through SSH confgen comes from the "
            "PBX's own host. A list without it could be written once, and never be corrected from here; with nothing "
            "but it nobody who works there comes in. A push asks "
            "the PBX from where it is seen and refuses to shut that out; this finding is earlier."
        ),
        mend="Add 127.0.0.1 and the networks of those who work with the console, and no network of length 0.",
    ),
    Explanation(
        code="TCX-11",
        title="an entry of the blocklist that shuts out the wrong ones",
        meaning=(
            "An entry of `blocklist` is no network, takes every address there is (alone, or together with others), or "
            "one that is needed: that of a peer of this inventory, of the PBX itself, or of those whom "
            "`console.permit` lets in. Or its last day is over: it is not written any more."
        ),
        mend="Narrow the network, write it without bits behind its length, or remove the entry.",
    ),
    Explanation(
        code="TCX-12",
        title="a probe, which a 3CX cannot hold",
        meaning=(
            "A probe is an extension that reaches the echo number and nothing else, and that comes from the operator's "
            "address only. A 3CX has no setting for either, so that such an extension would be a way in."
        ),
        mend="Leave `probe` out: of the level downgrade what strangers are told is proven, and of call the trunks.",
    ),
    Explanation(
        code="TCX-14",
        title="a 3CX that could not call its own country",
        meaning=(
            "`countries` names all that may be called, and the PBX's own (by its E.164 settings) is not among them. "
            "Whoever dials a number of this country with its code gets no call; and the shorter and stranger the list, "
            "the less it tells what it means (TCX-13), when a later version of 3CX is asked."
        ),
        mend="Add the country's own code to `countries: {allow: [...]}`.",
    ),
    Explanation(
        code="TCX-15",
        title="the users of a 3CX are made in its console",
        meaning=(
            "A user of a 3CX has a department, rights and a licence, which are not in the inventory: confgen makes "
            "none, and secures those that are there, by their numbers. A push names those that are not, and changes "
            "nothing (TCX-21)."
        ),
        mend="Nothing, where they are there. Else make them in the console, or import them there.",
    ),
)
