"""Codes of a push: why a plan is not carried out, and what came of one that was."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="PUSH-12",
        title="another version runs than the inventory says",
        meaning="Options differ by version: what is right for one is an error in another, and its object is dropped.",
        mend="Write the version that runs into product_version.",
    ),
    Explanation(
        code="PUSH-13",
        title="files that confgen did not write",
        meaning="A first push takes over the files of the same names. They are kept as generation 0.",
        mend="See them with `confgen plan`; `confgen push --adopt` takes them over, `confgen rollback --to 0` "
        "gives them back.",
    ),
    Explanation(
        code="PUSH-14",
        title="files changed by hand since confgen wrote them",
        meaning="A push would write over somebody's change.",
        mend="Bring it into the inventory, or `confgen push --overwrite-drift`.",
    ),
    Explanation(
        code="PUSH-15",
        title="the PBX complained about its new configuration",
        meaning="A line of those sources that read configuration, which the old configuration did not cause. The "
        "push was undone.",
        mend="The line tells; the Asterisk log has its neighbours.",
    ),
    Explanation(
        code="PUSH-16",
        title="a line was logged, not certainly because of the change",
        meaning="The configuration before was not confgen's, so whether it logged the same line is not known; or a "
        "phone was at work, and what phones send is logged too, a line that looks like Asterisk's own included. It "
        "undoes nothing.",
        mend="Read it.",
    ),
    Explanation(
        code="PUSH-17",
        title="an undo failed, or only part of it was done",
        meaning="The push went wrong after the switch, and going back could not be finished or checked: perhaps "
        "the link to the host is gone.",
        mend="Run on the host what the finding says, then `confgen verify`.",
    ),
    Explanation(
        code="PUSH-39",
        title="another push has this PBX",
        meaning="One push at a time works on a PBX: from before its first write until it has ended it holds a lease, "
        "which the host keeps. The lease goes on with every step of that push and ends by itself a while after the "
        "last one, so that an operator whose machine died keeps nobody out. From the switch on, the host undoes what "
        "is not confirmed by then. A push that was silent for longer than that has lost its lease to another one.",
        mend="Wait for the push that the message names, or ask whoever it names; then run it again.",
    ),
    Explanation(
        code="PUSH-40",
        title="a push that was not heard of any more was taken over from",
        meaning="Its lease on the PBX has ended without its having given it back: the operator's machine or link "
        "died, or it was killed. What it had staged is removed and what it had switched to and not confirmed is "
        "undone, so this push begins from what was confirmed last.",
        mend="Nothing is to be done here; ask whoever the message names what became of that push.",
    ),
    Explanation(
        code="PUSH-41",
        title="the PBX was changed while this push looked at it",
        meaning="Once it has the PBX to itself, a push looks a second time. What it found then is not what its plan "
        "was made from: another push or somebody's hand was in between.",
        mend="`confgen plan` shows what is there now; then push again.",
    ),
    Explanation(
        code="PUSH-42",
        title="the undo could not be armed on the host",
        meaning="Before it switches, confgen lays a timer of systemd on the host that goes back to the old "
        "configuration by itself if nobody confirms the new one. systemd did not take it, so nothing was switched: "
        "without it, a broken link would leave the PBX as the push left it.",
        mend="`systemctl status` and `journalctl -b` on the host tell what ails systemd; then push again.",
    ),
    Explanation(
        code="PUSH-43",
        title="the host undid a push by itself",
        meaning="A push switched this PBX and did not confirm it in time: its operator's machine or link died, or the "
        "host lost its power. The host went back to the configuration that was confirmed before. Of itself it can "
        "tell whether Asterisk runs, listens as before and complains, and where it does not, the message says so. It "
        "is told until a push is confirmed again.",
        mend="`confgen verify` proves what is there now. Find out why nobody confirmed the push, then push again.",
    ),
    Explanation(
        code="PUSH-44",
        title="the PBX would get weaker",
        meaning="An option that decides on encryption or on who may call gets a weaker value, or something that "
        "confgen has hardened is given back to what was there before. The message names each.",
        mend="Take it out of the inventory, or say why it is wanted: `confgen push --allow-weaker REASON`.",
    ),
    Explanation(
        code="PUSH-45",
        title="phones that are registered now could not come back",
        meaning="They register in a way that the PBX would not take any more, such as over UDP, or as an extension "
        "that the inventory does not have: after the push they could neither call nor be called.",
        mend="Set those phones to TLS first, or name them in `migration`, which keeps their service for a time that "
        "ends; `confgen push --max-cut-off N` lets N of them go.",
    ),
    Explanation(
        code="PUSH-46",
        title="calls in progress would be dropped",
        meaning="The change takes effect only in a new process of Asterisk, and with the old one its calls end. "
        "`--max-calls` or `--wait-idle` asked to spare them, and there were still more than allowed.",
        mend="`--wait-idle 10m` waits for them to end, `--max-calls N` lets N of them be dropped.",
    ),
    Explanation(
        code="PUSH-70",
        title="the PBX runs otherwise than confgen wrote it",
        meaning="What Asterisk says of itself is not what the active generation says: somebody changed it on its "
        "console, unloaded a module, or loaded files that were changed by hand. A push that finds the files as they "
        "should be changes nothing about it.",
        mend="`confgen plan` tells what differs. `systemctl restart asterisk` makes it read its files again, once "
        "those are as confgen wrote them; `confgen verify` proves it.",
    ),
    Explanation(
        code="PUSH-80",
        title="what would be written could not be put back",
        meaning="A push that goes wrong is undone: the old values are written back. The product tells nobody the old "
        "value of a secret or of a private key, or would have to make again what is to be removed; so that one object "
        "would stay as the push left it.",
        mend="See in the plan that it is what you want, have the old secret at hand, and say `--no-undo KEY`, once for "
        "each key that is named.",
    ),
)
