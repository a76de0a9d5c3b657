"""Codes of an API: why it could not be asked, or did not tell."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="API-01",
        title="the API client is refused",
        meaning=(
            "The PBX gave no token for the client and the secret that the inventory names. A secret that was refused "
            "is not tried again in the same run: a 3CX bans an address after three wrong tries, and through SSH that "
            "address is the PBX's own. An address that is banned already looks the same, and so does a PBX whose "
            "licence has no Configuration API."
        ),
        mend=(
            "In the PBX's console, under Integrations, look at the client's identifier and its access to the "
            "Configuration API; make a new secret where the old one is lost. Look at the list of banned addresses."
        ),
        source="RFC 6749 §4.4, §5.2",
    ),
    Explanation(
        code="API-02",
        title="no API answers",
        meaning=(
            "No connection to the port of the API came about, so nothing was asked for. Through SSH it is the host "
            "itself that connects to its own port, and its SSH server must allow that to the user."
        ),
        mend=(
            "Write the HTTPS port of the PBX's console as `api: {port: …}`; let sshd_config or the authorized key "
            "permit "
            'the connection (`permitopen="127.0.0.1:5001"`).'
        ),
    ),
    Explanation(
        code="API-03",
        title="the API client may not do this",
        meaning=(
            "The API let the client in, but not to what it asked for: its role does not reach so far, or the licence "
            "of the PBX does not have the Configuration API. Or the API refused a token that it has just given, as it "
            "does when another program takes a token for the same client: there is one at a time."
        ),
        mend=(
            "Give the client of the API a role that may change system settings (system_owners) and the access to the "
            "Configuration API, in the PBX's console under Integrations; give confgen a client of its own."
        ),
    ),
    Explanation(
        code="API-04",
        title="who answers cannot prove to be the PBX",
        meaning=(
            "TLS did not come about, or the certificate is not for the name of the API, out of time, or of an "
            "authority that nobody here trusts. Through SSH, too, it is verified. No secret was sent."
        ),
        mend=(
            "The name is that of `sip: {domain: …}`, which the certificate of the PBX's console must carry; an "
            "authority of your own is given as `api: {authority: {file: …}}`."
        ),
        source="RFC 9525 §6",
    ),
    Explanation(
        code="API-05",
        title="there is no such API",
        meaning=(
            "A web server answered, and not with JSON: with a page, or with a redirect, which is not followed. It is "
            "another port, another product, or a version without this API."
        ),
        mend="Write the HTTPS port of the PBX's console as `api: {port: …}`; a 3CX has this API since V20.",
    ),
    Explanation(
        code="API-06",
        title="the answer of the API is not understood",
        meaning=(
            "What came back is no HTTP, no JSON, longer than any answer should be, or lacks what it must have. "
            "Whether a request that changes something was carried out is not known."
        ),
        mend="Look at what stands between confgen and the PBX; `confgen plan` shows how things stand.",
    ),
    Explanation(
        code="API-07",
        title="the API was too slow",
        meaning=(
            "The whole answer was not there in time; one that comes drop by drop is not waited for either. Whether a "
            "request that changes something was carried out is not known, and confgen does not send it twice."
        ),
        mend="Look at the load of the PBX, and run confgen again: it first finds out how things stand.",
    ),
    Explanation(
        code="API-08",
        title="the connection to the API was lost",
        meaning=(
            "It ended after a request was sent and before its answer had come. Whether a request that changes "
            "something was carried out is not known, and confgen does not send it twice."
        ),
        mend="Look at the PBX and the way to it, and run confgen again: it first finds out how things stand.",
    ),
    Explanation(
        code="API-09",
        title="the API does not serve now",
        meaning=(
            "A web server stands before the API, and says that the API does not answer it, or that too much is asked "
            "of it: its service restarts, or has stopped. A secret that brought no token is not sent again in the "
            "same run, whatever was answered: some answer so to a wrong one, and ban the address after three tries."
        ),
        mend="Wait, or look at the services of the PBX; then run confgen again.",
        source="RFC 9110 §15.6",
    ),
    Explanation(
        code="API-10",
        title="the API refused a request",
        meaning=(
            "The API understood who asked, and did not do what it was asked for. The message has what it says of that; "
            "what confgen had sent is blanked in it, for any of it may be a secret."
        ),
        mend="Mend what the message names, in the inventory or on the PBX; `confgen plan` shows how things stand.",
    ),
    Explanation(
        code="API-11",
        title="the PBX has no SSH",
        meaning=(
            "`api: {direct: true}` says that the PBX is hosted, and that its API is all there is. What needs the host "
            "itself cannot be done or seen there."
        ),
        mend="Leave it out, and write `ssh: …`, where the host can be reached by SSH; or do without what needs it.",
    ),
    Explanation(
        code="API-12",
        title="what is kept of the PBX cannot be read or written",
        meaning=(
            "A PBX that is configured by its API keeps nothing for confgen: its generations, the journal of a push and "
            "the lock lie in a folder of the operator's, below `$XDG_STATE_HOME/confgen/pbx`. Without them confgen "
            "could not undo what it does, so it does nothing. Where a push was under way, the PBX may be half changed."
        ),
        mend="Let confgen write to the folder that the message names, or set XDG_STATE_HOME to a folder of yours.",
    ),
)
