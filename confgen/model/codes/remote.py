"""Codes of SSH: why a host could not be reached or told."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="SSH-01",
        title="no SSH server answers",
        meaning=(
            "Nothing on the PBX's host, or on a jump host before it, answered as an SSH server in time. "
            "What runs on the PBX is not known, and nothing was changed there."
        ),
        mend="Try `ssh USER@ADDRESS` from the same machine; check address and port in the inventory, and the firewall.",
    ),
    Explanation(
        code="SSH-02",
        title="the host key is not known",
        meaning=(
            "confgen never learns a host key by itself: whoever answers first could be anyone, and would be handed the "
            "secrets of the PBX. The message shows the key that was offered."
        ),
        mend=(
            "Compare the fingerprint with what `ssh-keygen -lf` prints on the host itself, then write it as host_key "
            "in the inventory, or add the line that the message shows to known_hosts."
        ),
        source="RFC 4251 §4.1",
    ),
    Explanation(
        code="SSH-03",
        title="the host key has changed",
        meaning=(
            "The host showed another key than the one it is known by, or one that is revoked: somebody may stand "
            "between you and the host, or the host was set up anew. Nothing was sent."
        ),
        mend="Find out why, on the host itself. Only if the new key is its own, put it where the message says.",
        source="RFC 4251 §9.3.4",
    ),
    Explanation(
        code="SSH-04",
        title="the host takes none of the keys",
        meaning=(
            "The host was reached and is the right one, but let nobody in: the message lists the keys that were tried, "
            "and those that could not be. confgen asks for no password and no passphrase."
        ),
        mend=(
            "Put the public key into authorized_keys of the user on the host; add an encrypted key to the agent "
            "(`ssh-add`); check user and identity_file in the inventory."
        ),
    ),
    Explanation(
        code="SSH-05",
        title="a command could not be told to its end",
        meaning=(
            "The connection was lost, or a command ran past its deadline or the time limit of its PBX, wrote too much, "
            "or ended without a status. How far it came is not known; what the time limit ends was not switched."
        ),
        mend=(
            "Look at the host, and run confgen again: it first finds out how things stand. `--time-limit` gives a slow "
            "one longer."
        ),
    ),
    Explanation(
        code="SSH-06",
        title="~/.ssh/config asks for what confgen cannot do",
        meaning=(
            "A line that applies to the host would change by which way, to whom or with which key confgen speaks, and "
            "confgen cannot follow it. To go on without it would be another way than you meant."
        ),
        mend="Give the PBX a Host block of its own without that line; ProxyJump does most of what ProxyCommand is for.",
        source="ssh_config(5)",
    ),
)
