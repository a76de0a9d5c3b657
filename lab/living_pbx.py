"""A PBX that a company already runs: phones, voicemail, a queue and a menu of its own in Debian's sample files."""

from __future__ import annotations

from lab.host import Host
from lab.root_folder import Root

PHONES = {"101": "reception-in-clear", "102": "accounting-in-clear"}
MAILBOX = "101@company"
PIN = "4711"
QUEUE_NUMBER = "500"
VOICEMAIL_NUMBER = "501"
MENU_NUMBER = "502"
CONTEXT = "from-phones"

_VOICEMAIL = f"""
[company]
101 => {PIN},Reception,reception@example.test
"""
_QUEUES = """
[sales]
strategy = ringall
timeout = 15
retry = 1
member => Local/101@ring/n
"""
_TECHNOLOGY = """
[globals](+)
PHONES = {technology}
"""
_DIALPLAN = f"""
; Phones only, without voicemail behind them: for the queue.
[ring]
exten => _10[12],1,Dial(${{PHONES}}/${{EXTEN}},20)

[{CONTEXT}]
exten => _10[12],1,Dial(${{PHONES}}/${{EXTEN}},20)
 same => n,VoiceMail({MAILBOX},u)
exten => {QUEUE_NUMBER},1,Answer()
 same => n,Queue(sales,r,,,30)
 same => n,VoiceMail({MAILBOX},u)
exten => {VOICEMAIL_NUMBER},1,Answer()
 same => n,VoiceMailMain(@company)
exten => {MENU_NUMBER},1,Goto(menu,s,1)

[menu]
exten => s,1,Answer()
 same => n,Background(basic-pbx-ivr-main)
 same => n,WaitExten(5)
exten => 1,1,Goto({CONTEXT},{QUEUE_NUMBER},1)
exten => 2,1,Goto({CONTEXT},{VOICEMAIL_NUMBER},1)
exten => i,1,Playback(pbx-invalid)
 same => n,Goto(s,1)
exten => t,1,Hangup()
"""
_TRANSPORT = """
[company-udp]
type = transport
protocol = udp
bind = 0.0.0.0:5060

[company-phone](!)
type = endpoint
context = from-phones
disallow = all
allow = ulaw,alaw
direct_media = no
rtp_symmetric = yes
"""
_PJSIP_PHONE = """
[{user}](company-phone)
auth = {user}
aors = {user}
mailboxes = 101@company

[{user}]
type = auth
auth_type = userpass
username = {user}
password = {password}

[{user}]
type = aor
max_contacts = 1
remove_existing = yes
"""
_CHAN_SIP_PHONE = """
[{user}](basic-options)
host = dynamic
secret = {password}
context = from-phones
disallow = all
allow = ulaw
allow = alaw
directmedia = no
mailbox = 101@company
"""
# Debian's 22 ships app_voicemail for files and for databases; where both load, the second takes the applications of
# the first away before it finds that it has no database.
_NOLOAD = "noload => app_voicemail_odbc.so\n"


def settle(host: Host) -> None:
    """Let the company live on the host: its own lines in the package's files, its Asterisk restarted with them."""
    configuration = host.layout.configuration
    for name, text in _own_lines(host.spec.root).items():
        host.write(f"{configuration}/{name}", host.read(f"{configuration}/{name}") + text.encode())
    if host.spec.root is Root.ASTERISK_22:
        modules = f"{configuration}/modules.conf"
        host.write(modules, host.read(modules).replace(b"[global]", _NOLOAD.encode() + b"[global]"))
    host.run(["systemctl", "restart", host.layout.service], check=True)
    host.asterisk("core waitfullybooted")


def _own_lines(root: Root) -> dict[str, str]:
    """What the company wrote below the samples, by file."""
    if root is Root.ASTERISK_16:
        technology, sip_file, head, phone = "SIP", "sip.conf", "", _CHAN_SIP_PHONE
    else:
        technology, sip_file, head, phone = "PJSIP", "pjsip.conf", _TRANSPORT, _PJSIP_PHONE
    phones = [phone.format(user=user, password=password) for user, password in PHONES.items()]
    return {
        "voicemail.conf": _VOICEMAIL,
        "queues.conf": _QUEUES,
        "extensions.conf": _TECHNOLOGY.format(technology=technology) + _DIALPLAN,
        sip_file: head + "".join(phones),
    }
