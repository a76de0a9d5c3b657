"""Codes of level *state*: what the PBX says it runs."""

from __future__ import annotations

from confgen.model.codes.explanation import Explanation

EXPLANATIONS = (
    Explanation(
        code="STATE-01",
        title="something that was pushed is not there",
        meaning="Asterisk drops an object with a bad option, and all objects of an empty file, without a word at "
        "the prompt: the reload says it succeeded. So confgen asks for every endpoint and transport by "
        "name.",
        mend="`confgen push` writes the files again; if it says unchanged, the Asterisk log tells why the "
        "object was dropped.",
    ),
    Explanation(
        code="STATE-02",
        title="something is there that was not pushed",
        meaning="An endpoint or a transport that the inventory does not know can take calls by rules nobody checked.",
        mend="Bring it into the inventory, or remove it and push again.",
    ),
    Explanation(
        code="STATE-03",
        title="a value differs from what was pushed",
        meaning="Asterisk shows another value than the one in its file: the file was changed and reloaded, or a "
        "reload kept the old object because the new one was refused.",
        mend="`confgen push --overwrite-drift` writes what the inventory says.",
    ),
    Explanation(
        code="STATE-04",
        title="Asterisk, or a module it needs, does not run",
        meaning="A module that declined to load takes its part of the service with it, while Asterisk itself "
        "looks well.",
        mend="`asterisk -rx 'module show'` and the Asterisk log tell which one and why.",
    ),
    Explanation(
        code="STATE-05",
        title="media uses other ports than declared",
        meaning="The firewall lets in the declared RTP ports only, so calls would be silent.",
        mend="`confgen push`; new ports count for new calls.",
    ),
    Explanation(
        code="STATE-06",
        title="a file was changed by hand since it was pushed",
        meaning="What Asterisk reads at its next start is not what was proven.",
        mend="Bring the change into the inventory, or `confgen push --overwrite-drift`.",
    ),
    Explanation(
        code="STATE-07",
        title="nothing listens on a declared TLS port",
        meaning="A taken port or a missing certificate leaves the transport listed and the port dead; Asterisk "
        "logs little.",
        mend="See what holds the port (`ss -lntp`) and whether the certificate can be read, then restart Asterisk.",
    ),
    Explanation(
        code="MGMT-01",
        title="the manager interface (AMI) is not as declared",
        meaning="Who may send AMI commands can start calls and read secrets, and its own TLS is off by default. It is "
        "off, or with `ami` in the inventory over TLS at one address. While it is on, Asterisk also listens in clear "
        "text on loopback: without that it sends no events. Users may not come from there.",
        mend="`confgen push` makes it so.",
        source="Asterisk's best practices; BSI NET.4.2.A5",
    ),
    Explanation(
        code="MGMT-02",
        title="the HTTP server is not as declared",
        meaning="An open HTTP server is one more way in. It is off, or with `http` in the inventory over TLS at one "
        "address and in clear text nowhere.",
        mend="`confgen push` makes it so.",
        source="BSI NET.4.2.A5",
    ),
    Explanation(
        code="MGMT-03",
        title="security events are not logged",
        meaning="Failed logins are seen by nobody, and fail2ban has nothing to read.",
        mend="`confgen push` switches the security log on.",
        source="BSI NET.4.1.A5",
    ),
    Explanation(
        code="MGMT-10",
        title="the users of the manager interface are not the pushed ones",
        meaning="Somebody added a user, or a user has other rights or may come from elsewhere than the inventory says.",
        mend="`confgen push --overwrite-drift`.",
        source="Asterisk's best practices",
    ),
    Explanation(
        code="MGMT-11",
        title="a user of the manager interface cannot have this name",
        meaning="In manager.conf a user is a section of that name, and [general] is about the interface itself.",
        mend="Choose another name.",
    ),
    Explanation(
        code="DIAL-01",
        title="an endpoint is in another dialplan context than pushed, or may transfer",
        meaning="The context decides whom a caller may reach: a trunk in the phones' context could dial out at "
        "your cost.",
        mend="`confgen push --overwrite-drift`.",
        source="Asterisk's dialplan security notes",
    ),
    Explanation(
        code="AUTH-01",
        title="an endpoint is identified or authenticated otherwise than pushed",
        meaning="Without its `auth` an endpoint takes calls from anybody who knows its name.",
        mend="`confgen push --overwrite-drift`.",
        source="RFC 3261 §22",
    ),
    Explanation(
        code="AUTH-02",
        title="a call without a password",
        meaning="confgen sent an INVITE as a known user but without credentials; it must be challenged before "
        "anything rings.",
        mend="`confgen push`; if it is answered otherwise than 401, the probe may not come from this address.",
        source="RFC 3261 §22",
    ),
    Explanation(
        code="AUTH-03",
        title="a registration without a password",
        meaning="Who registers without a password takes over the phone's calls.",
        mend="`confgen push`.",
        source="RFC 3261 §22",
    ),
    Explanation(
        code="AUTH-10",
        title="a stranger can tell which names there are",
        meaning="Extensions with SHA-256 are challenged otherwise than names that nobody has, as long as others of "
        "the same PBX have MD5: Asterisk has one default for all unknown names. No password is in danger by it.",
        mend="`digest: sha-256` for every extension of the PBX, once all its phones can; or leave it.",
        source="RFC 8760 §2.4",
        standards=("RFC 8760",),
    ),
    Explanation(
        code="STATE-08",
        title="a module runs that was not pushed",
        meaning="confgen pushes a list of modules and loads nothing else. One that was loaded by hand can open "
        "another way in, such as IAX2 or the old SIP channel, without a port that looks wrong.",
        mend="Unload it, or restart Asterisk; if it is needed, say so and confgen will learn it.",
    ),
    Explanation(
        code="DIAL-02",
        title="the loaded dialplan is not the pushed one",
        meaning="Commands of the console change the dialplan in memory and leave the file as it was: the guard "
        "that ends calls without SRTP could be gone.",
        mend="`asterisk -rx 'dialplan reload'`, or restart Asterisk.",
    ),
    Explanation(
        code="STATE-10",
        title="Asterisk complained of its configuration since it was activated",
        meaning="Somebody made Asterisk read files since the last push, and it did not take all of them: it keeps the "
        "old objects, says at the prompt that it succeeded, and tells its log alone. Only lines that nobody but "
        "Asterisk can have written fail; a phone can send texts that look like a line of the log, so what stands "
        "behind one is shown and not judged.",
        mend="Mend what the line names and let Asterisk read it again; `asterisk -rx 'logger rotate'` then begins a "
        "log without it. `confgen push` that activates something begins anew as well.",
    ),
    Explanation(
        code="STATE-11",
        title="a setting for all of SIP differs from what was pushed",
        meaning="[global] and [system] of pjsip.conf hold for every endpoint: how long an answer is waited for, and "
        "what Asterisk says of itself.",
        mend="`confgen push --overwrite-drift`; what stands in [system] counts from the next start.",
    ),
    Explanation(
        code="MGMT-12",
        title="SIP messages go into the log",
        meaning="With `debug` in [global] every SIP message is logged whole. Over TLS it was secret, the keys of its "
        "media with it; in the log, whoever reads that can decrypt the call.",
        mend="`confgen push --overwrite-drift`, and delete what was logged.",
        source="RFC 4568 §7",
    ),
    Explanation(
        code="AUTH-20",
        title="callers are identified otherwise than pushed",
        meaning="The order of [global] says by what a caller becomes an endpoint. With `anonymous` in it whoever calls "
        "is one, and with `ip` whoever calls from an address.",
        mend="`confgen push --overwrite-drift`.",
        source="RFC 3261 §22",
    ),
    Explanation(
        code="AUTH-21",
        title="more phones may register than was pushed",
        meaning="Every phone that registers for a name gets its calls: a second one, with the first one's password, "
        "hears what is meant for the first.",
        mend="`confgen push --overwrite-drift`, and look at who is registered: `asterisk -rx 'pjsip show contacts'`.",
    ),
    Explanation(
        code="STATE-20",
        title="confgen itself failed while it looked",
        meaning="Something was answered that confgen does not know how to take, or it has a fault. This part of the "
        "PBX is unknown; what the other parts found stands.",
        mend="Please report it with the message, in which no secret stands.",
    ),
)
