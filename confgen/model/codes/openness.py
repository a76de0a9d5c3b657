"""Codes of how a PBX is managed, what of it stays the user's own, and what its modules open."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation
from confgen.model.codes.standards import ASTERISK, DISA, ITSPA, NSA

EXPLANATIONS = (
    Explanation(
        code="MGMT-20",
        title="parts of a PBX that stay the user's own",
        meaning="`manage` leaves parts out. What confgen does not write it does not know here: its rules for that "
        "part see nothing. `confgen verify` reads back from the host what can be read. Not checked is not the "
        "same as right.",
        mend="Add the part to `manage`, or look at what `confgen verify` says of it.",
        standards=("BSI NET.4.2.A5",),
    ),
    Explanation(
        code="MGMT-21",
        title="a user of AMI who may come from anywhere",
        meaning="The manager interface can start calls and read who calls whom. Its users are told apart by a "
        "password alone.",
        mend="Write the addresses of the programs that use it under `permit`.",
        standards=(ASTERISK, DISA),
    ),
    Explanation(
        code="MGMT-23",
        title="the manager interface can be reached over the network",
        meaning="AMI is served over TLS, but every service that the network reaches can be attacked, and its faults "
        "count (VER-20).",
        mend="Bind it to 127.0.0.1 and reach it through SSH, or to an address of a network for management.",
        standards=(ASTERISK, "BSI NET.4.2.A16", DISA),
    ),
    Explanation(
        code="MGMT-24",
        title="the HTTP server can be reached over the network",
        meaning="Asterisk's HTTP server carries ARI and more. It is served over TLS, and still every service that the "
        "network reaches can be attacked.",
        mend="Bind it to 127.0.0.1 behind a proxy that asks who comes, or remove `http`.",
        standards=(ASTERISK, DISA),
    ),
    Explanation(
        code="MGMT-25",
        title="a host that is reached as root",
        meaning="Whoever has that key has the whole host, and no log tells who it was. With `sudo: true` a user of "
        "its own may run the one script of confgen, which takes fixed verbs only.",
        mend="Write another `user` and `sudo: true`; `confgen bootstrap` prints what root does once.",
        standards=("BSI NET.4.2.A5", DISA),
        example="ssh: {user: confgen, sudo: true}\n",
    ),
    Explanation(
        code="MGMT-26",
        title="a host key that the inventory does not pin",
        meaning="Which key counts is then decided by ~/.ssh/known_hosts of whoever runs confgen, a runner of CI "
        "perhaps. confgen never learns a key by itself; a pinned one is reviewed like any other change.",
        mend="Write `host_key`, as `ssh-keygen -l` prints it, or a `known_hosts` file beside the inventory.",
        standards=("RFC 4251 §4.1", DISA),
        example='ssh: {host_key: "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"}\n',
    ),
    Explanation(
        code="MGMT-28",
        title="a module that speaks in clear",
        meaning="confgen loads nothing that carries calls in clear. This module, which the inventory adds, does: its "
        "port is open to whoever finds it, and its calls are heard.",
        mend="Take it out of `modules` or of the channel, and move its phones to SIP over TLS.",
        standards=("BSI NET.4.2.A14, A15", NSA, ASTERISK),
    ),
    Explanation(
        code="MGMT-29",
        title="a module that lets others run programs or steer calls",
        meaning="With it the dialplan, or who reaches ARI, can run programs on the host, record calls or listen to "
        "them. A fault in one line of the dialplan then gives the host away.",
        mend="Take it out unless nothing else will do; where it stays, waive it with who answers for it.",
        standards=(ASTERISK, "BSI NET.4.2.A5"),
    ),
    Explanation(
        code="MGMT-30",
        title="a dial tone for callers (DISA)",
        meaning="DISA lets a caller from outside dial as if at a phone of the company, behind a code of some digits. "
        "It is the oldest way to call at somebody else's cost.",
        mend="Take app_disa out. Who travels registers a soft client.",
        standards=(ITSPA, ASTERISK),
    ),
    Explanation(
        code="MGMT-31",
        title="voicemail whose ways out were not checked",
        meaning="A mailbox can offer its caller to dial out (`dialout`) or to call back (`callback`); with a PIN of "
        "four digits that is an open line. voicemail.conf is your own, and is not seen here.",
        mend="Write neither `dialout` nor `callback` into voicemail.conf, and ask for PINs of six digits "
        "(`minpassword`).",
        standards=(ITSPA, ASTERISK),
    ),
    Explanation(
        code="MGMT-33",
        title="a file of your own that only the host has",
        meaning="confgen reads such files on the host, and judges them like its own, at `plan`, `push` and `verify`. "
        "`validate` asks no host, so nothing is said of them here.",
        mend="Nothing, or run `confgen verify`.",
        standards=("BSI NET.4.2.A5",),
    ),
    Explanation(
        code="MGMT-34",
        title="a PBX that runs as root",
        meaning="A fault in Asterisk then hands over the whole host, and its configuration can be written by no "
        "deputy of confgen.",
        mend="Let it run as a user of its own (`runuser` in asterisk.conf, or the service).",
        standards=(ASTERISK, "BSI NET.4.2.A5"),
    ),
    Explanation(
        code="MGMT-35",
        title="a console that nobody is kept from",
        meaning="The console of a 3CX is its API too: who logs in there owns the PBX. Nothing in the inventory says "
        "from which networks it may be reached, so it stays as it was set by hand.",
        mend="Write `console` with the networks of those who administer it.",
        standards=(DISA, "BSI NET.4.2.A5"),
        example="console: {permit: [192.0.2.0/24, 127.0.0.1]}\n",
    ),
    Explanation(
        code="MGMT-36",
        title="known attackers are perhaps let in",
        meaning="3CX systems tell each other which addresses attack them (SecurityDefenseProgram). Nothing in the "
        "inventory says that this one takes part.",
        mend="Write `anti_hacking: {security_defense_program: true}`.",
        standards=(ITSPA,),
        example="anti_hacking: {security_defense_program: true}\n",
    ),
)
