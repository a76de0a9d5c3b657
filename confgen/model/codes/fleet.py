"""Codes of runs on several PBXs: their journal, and what it lets be resumed."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="PUSH-60",
        title="the journal of a run is not kept",
        meaning="Each push and each rollback is written down below `$XDG_STATE_HOME/confgen`, or else "
        "`~/.local/state/confgen`, while it goes on. There it could not be; the run itself goes on as if it were.",
        mend="Let confgen write there, or set XDG_STATE_HOME. `confgen history` and `push --resume` need the journal.",
    ),
    Explanation(
        code="PUSH-61",
        title="there is nothing to resume",
        meaning="`--resume` takes up the last push of this inventory that did not finish, by the journal of this user "
        "on this machine. None has left any of the chosen PBXs undone.",
        mend="Push without --resume: a PBX that is as it should be is not touched. `confgen history` shows what was "
        "done.",
    ),
    Explanation(
        code="PUSH-62",
        title="the inventory is not the one whose push is to be resumed",
        meaning="Half of the PBXs would have one state, half another one, and no run would have had both as they are.",
        mend="Look at `confgen plan`, then push without --resume: its canary comes first again.",
    ),
    Explanation(
        code="PUSH-63",
        title="the push that is to be resumed is still under way",
        meaning="Its process holds the lock on its journal: it is at work, or waits for calls to end.",
        mend="Wait for its end, or stop it with Ctrl-C there; then resume what it has left.",
    ),
)
