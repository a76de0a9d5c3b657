"""Codes of a push: why a host refuses, and what it said."""

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
    Explanation(
        code="PUSH-49",
        title="the plan of this PBX cannot be saved yet",
        meaning="A saved plan tells by fingerprints whether the host and the secrets are as they were. They are made "
        "with a key of the host's own, so that whoever has the plan cannot try out guesses. This host has none yet.",
        mend="`confgen bootstrap --install --limit PBX` makes the key and changes nothing else of the PBX.",
    ),
    Explanation(
        code="PUSH-50",
        title="the plan was saved by another version of confgen",
        meaning="Another version may render other documents, and judge them otherwise.",
        mend="Save the plan anew with this version, or carry it out with the one that made it.",
    ),
    Explanation(
        code="PUSH-51",
        title="the inventory moved since the plan was saved",
        meaning="`push --plan` carries out what was read and agreed to. The texts of the inventory are not the same "
        "any more; even a comment counts.",
        mend="`confgen plan --out FILE` again, and read it.",
    ),
    Explanation(
        code="PUSH-52",
        title="another host answers than the one that was planned for",
        meaning="Its own key is not the one that made the plan's fingerprints: another machine has the address, or the "
        "host was made anew.",
        mend="Look at which host it is, then `confgen plan --out FILE` again.",
    ),
    Explanation(
        code="PUSH-53",
        title="the host moved since the plan was saved",
        meaning="Documents were changed by hand, or another push or rollback came between. What is active, what is "
        "there, or the release that runs is not what the plan was made from.",
        mend="`confgen plan` shows what is there now; save a plan of it.",
    ),
    Explanation(
        code="PUSH-54",
        title="secrets or referenced files moved since the plan was saved",
        meaning="A password, a certificate or a key that the inventory refers to has another content, so the PBX would "
        "get other documents than those that were agreed to.",
        mend="`confgen plan --out FILE` again; it shows by fingerprints which secrets differ.",
    ),
    Explanation(
        code="PUSH-55",
        title="the plan in the file is another one",
        meaning="All it depends on is as it was, and yet confgen makes another plan of it: the file was edited, or "
        "this is another build of the same version.",
        mend="`confgen plan --out FILE` again, and keep the file where nobody else can write it.",
    ),
    Explanation(
        code="PUSH-56",
        title="the saved plan does not hold this PBX",
        meaning="`push --plan` touches no PBX whose plan nobody has seen.",
        mend="Choose PBXs of the plan with --limit, or save a plan that holds it.",
    ),
    Explanation(
        code="PUSH-57",
        title="the host could not be prepared",
        meaning="`confgen bootstrap --install` runs on the host, as root, what `confgen bootstrap` prints. It stopped "
        "there: the message says at what. Nothing that Asterisk reads was written.",
        mend="Mend what the message says and run it again: what is done already is left as it is.",
    ),
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
