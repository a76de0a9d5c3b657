"""Codes of a host that refuses: what its script cannot do there, or must not."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="PUSH-01",
        title="no Asterisk on the host",
        meaning="No service of systemd runs an Asterisk, and no `asterisk` program lies in the usual folders.",
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
        "one is neither a file nor a link, or that user cannot read it, so Asterisk cannot either; or it could not be "
        "given back as it is: with its access list, or as one file with another name.",
        mend="Mend or remove it: `setfacl -b FILE` takes an access list away, `cp -p FILE new && mv new FILE` makes a "
        "file of its own of a second name.",
    ),
    Explanation(
        code="PUSH-06",
        title="the host runs no systemd",
        meaning="confgen restarts Asterisk through systemd, with a deadline, and lays its undo there as a timer: "
        "without it a broken link would leave the PBX as the push left it.",
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
        code="PUSH-18",
        title="a file that was taken over is there again",
        meaning="Generation 0 keeps one file of each name, as it was before confgen. Somebody has put another one "
        "there since, and a push, or a way back, would lose it.",
        mend="Move it away, then try again.",
    ),
    Explanation(
        code="PUSH-19",
        title="what Asterisk calls its configuration folder is none that root may write to",
        meaning="The folder must hold asterisk.conf, be reached without a link, and lie where only root can write: or "
        "else Asterisk's user could lead root into a folder that is not Asterisk's.",
        mend="Look at [directories] of asterisk.conf; a link to the folder must be a folder; `chmod g-w` the folders "
        "above it, such as /usr/local/etc of an older Debian.",
    ),
    Explanation(
        code="PUSH-30",
        title="the script on the host lacks, or is of another version",
        meaning="With `ssh: {sudo: true}` confgen runs nothing as root but its own script, which root has installed "
        "on the host. After an upgrade of confgen root installs the new one.",
        mend="`confgen bootstrap --limit PBX > bootstrap.sh`, read it, and run it as root on the host.",
    ),
    Explanation(
        code="PUSH-31",
        title="another program writes this Asterisk's configuration",
        meaning="FreePBX and its kin render Asterisk's files from a database of their own: they would write over what "
        "confgen pushes, their users would go on changing things there, and confgen's files would hide theirs. "
        "`confgen verify` works on such a host, and so does a rollback.",
        mend="Harden it with its own means and prove it with `confgen verify`, or push to an Asterisk of its own.",
    ),
    Explanation(
        code="PUSH-32",
        title="sudo on the host does not let confgen run its script",
        meaning="confgen asks sudo with -n: it types no password. The inventory's user needs a rule for the script, "
        "and for nothing else.",
        mend="`confgen bootstrap` makes the rule: `USER ALL=(root) NOPASSWD: /usr/local/lib/confgen/confgen-asterisk`.",
    ),
    Explanation(
        code="PUSH-33",
        title="Asterisk runs as root, so no deputy may configure it",
        meaning="Who configures Asterisk can run programs as its user. A user who pushes through sudo would be root.",
        mend="Let Asterisk run as a user of its own (`asterisk -U asterisk`), or reach the host as root.",
    ),
    Explanation(
        code="PUSH-34",
        title="what the inventory says of the installation is not so",
        meaning="confgen finds Asterisk as the running service of systemd whose main process is called asterisk. "
        "`installation` says otherwise, and the host contradicts; or the service starts Asterisk through another "
        "program, such as safe_asterisk, so that systemd does not know it.",
        mend="Leave `installation` out, or write what `systemctl status SERVICE` shows; let the service start asterisk "
        "itself (`asterisk -f`).",
    ),
    Explanation(
        code="PUSH-35",
        title="several services run an Asterisk",
        meaning="confgen does not guess which one is meant.",
        mend="Write it: `installation: {service: NAME}`.",
    ),
    Explanation(
        code="PUSH-36",
        title="root has not agreed to this",
        meaning="A user who pushes through sudo may configure the one Asterisk that root has agreed to in the "
        "bootstrap, and have those certificates copied that the bootstrap names: or else it could lead root to other "
        "folders, or have other secrets of the host copied to where it can read them.",
        mend="`confgen bootstrap --limit PBX > bootstrap.sh`, read it, and run it as root on the host.",
    ),
    Explanation(
        code="PUSH-37",
        title="what arrived at the host is no push",
        meaning="The host takes an archive of the managed files and of keys, each once, and nothing else in it.",
        mend="Push again; if it stays, this is a fault of confgen: please report it.",
    ),
    Explanation(
        code="PUSH-38",
        title="confgen is not root on the host",
        meaning="Root's rights are needed to switch configurations, to restart Asterisk and to see its sockets.",
        mend="Write `ssh: {user: root}`, or `ssh: {sudo: true}` after `confgen bootstrap` has prepared the host.",
    ),
    Explanation(
        code="PUSH-57",
        title="the host could not be prepared",
        meaning="`confgen bootstrap --install` runs on the host, as root, what `confgen bootstrap` prints. It stopped "
        "there: the message says at what. Nothing that Asterisk reads was written.",
        mend="Mend what the message says and run it again: what is done already is left as it is.",
    ),
)
