"""Codes of a push: why a host refuses, and what it said."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="PUSH-01",
        title="no Asterisk on the host",
        meaning="There is no `asterisk` program in the usual folders.",
        mend="Is this the right host? confgen installs no PBX.",
    ),
    Explanation(
        code="PUSH-02",
        title="the host's script was asked for something it does not know",
        meaning="Names on the host are letters, digits, dot, hyphen and underscore only.",
        mend="This is a fault of confgen: please report it.",
    ),
    Explanation(
        code="PUSH-03",
        title="no such generation",
        meaning="A generation is kept once it was proven; the last ten are, and generation 0, what was there "
        "before confgen.",
        mend="`confgen rollback --to N` with a number that the message names.",
    ),
    Explanation(
        code="PUSH-04",
        title="another confgen is at work on the host",
        meaning="Every step on the host holds one lock.",
        mend="Wait for the other one to end.",
    ),
    Explanation(
        code="PUSH-05",
        title="what is there cannot be kept",
        meaning="Before the first push confgen keeps every file it takes over, read as Asterisk's own user. This "
        "one is neither a file nor a link, or that user cannot read it, so Asterisk cannot either.",
        mend="Mend or remove it.",
    ),
    Explanation(
        code="PUSH-06",
        title="the host runs no systemd",
        meaning="confgen restarts Asterisk through systemd, with a deadline.",
        mend="Use a host with systemd.",
    ),
    Explanation(
        code="PUSH-07",
        title="the configuration is on another file system than /etc/confgen",
        meaning="confgen switches by renaming, which is whole or not at all only within one file system.",
        mend="Put both on one file system.",
    ),
    Explanation(
        code="PUSH-08",
        title="a file did not arrive whole",
        meaning="A certificate or key lies under the digest of its content, and the content is another.",
        mend="Push again.",
    ),
    Explanation(
        code="PUSH-09",
        title="a kept generation was altered on the host",
        meaning="Its files are not as they were when they were proven.",
        mend="Choose another generation, or push.",
    ),
    Explanation(
        code="PUSH-10",
        title="another generation is active than expected",
        meaning="Somebody else switched in between.",
        mend="Look with `confgen plan`, then push again.",
    ),
    Explanation(
        code="PUSH-11",
        title="Asterisk does not run, or does not answer",
        meaning="confgen changes only a PBX whose state it can read, so that it can tell what its change did.",
        mend="Start it and see why it stopped.",
    ),
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
        title="a line was logged that nothing can be compared to",
        meaning="The configuration before was not confgen's, so whether it logged the same line is not known. It "
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
        code="PUSH-18",
        title="a file that was taken over is there again",
        meaning="Generation 0 keeps one file of each name, as it was before confgen. Somebody has put another one "
        "there since, and a push would lose it.",
        mend="Move it away, then push.",
    ),
    Explanation(
        code="PUSH-19",
        title="what Asterisk calls its configuration folder is none that root may write to",
        meaning="The folder must hold asterisk.conf, be reached without a link, and lie in a folder of root's: or else "
        "Asterisk's user could lead root into a folder that is not Asterisk's.",
        mend="Look at [directories] of asterisk.conf; a link to the folder must be a folder.",
    ),
)
