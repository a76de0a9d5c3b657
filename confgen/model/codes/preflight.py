"""Codes of the preflight: what the new configuration would come to, tried and looked up before the switch."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="PUSH-47",
        title="a second Asterisk does not take the new configuration",
        meaning="Before the switch the host starts a second Asterisk with what was staged, as a user of its own, "
        "without a network and out of reach of the one that runs, and ends it again. It did not come up, complained "
        "of what confgen renders or of what that includes, left out an object, or did not show the certificate. "
        "Nothing that the PBX reads was changed.",
        mend="Mend what the message names: mostly a file of your own that is included, or a name in the inventory.",
    ),
    Explanation(
        code="PUSH-48",
        title="part of the preflight was not done",
        meaning="The second Asterisk needs namespaces of the kernel (`unshare` and `setpriv` of util-linux 2.33, run "
        "by root and not in a container that forbids them), `ip` of iproute2, and modules and documentation that "
        "others than Asterisk's user may read; its handshake needs `openssl`. What could not be tried is proven after "
        "the switch, and undone if it fails.",
        mend="Install what the message names; where it cannot be had, nothing need be done.",
    ),
    Explanation(
        code="PUSH-75",
        title="a name leads nowhere",
        meaning="Asterisk looks up authentication, addresses of record, transports, contexts and targets of the "
        "dialplan only when a call comes, which then fails.",
        mend="Mend the name where it stands, or add what it names.",
    ),
    Explanation(
        code="PUSH-76",
        title="the dialplan runs an application that Asterisk does not have",
        meaning="Asterisk looks for an application only when a call gets there, and ends the call where there is none.",
        mend="Mend its name in your own file, or load its module: `modules` in the inventory.",
    ),
    Explanation(
        code="PUSH-77",
        title="the second Asterisk complained of files of your own",
        meaning="The lines are about files that confgen neither renders nor includes. The running Asterisk may say the "
        "same at each start, and some come of what a second one must do without.",
        mend="Look whether `grep -E 'WARNING|ERROR' /var/log/asterisk/messages.log` has them too.",
    ),
)
