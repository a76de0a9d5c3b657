"""Codes of an API: why it could not be asked, or did not tell."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
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
