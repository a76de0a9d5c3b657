"""Codes of an API: why it could not be asked, or did not tell."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
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
        code="API-10",
        title="the API refused a request",
        meaning=(
            "The API understood who asked, and did not do what it was asked for. The message has what it says of that; "
            "what confgen had sent is blanked in it, for any of it may be a secret."
        ),
        mend="Mend what the message names, in the inventory or on the PBX; `confgen plan` shows how things stand.",
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
