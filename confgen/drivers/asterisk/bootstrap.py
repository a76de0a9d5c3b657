"""What root runs on an Asterisk host once, so that plans can be saved, and a user may push there through sudo."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.on_host import path_of, referenced
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.host import Command
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confgen.model.bootstrap import Bootstrap, PublicKey
    from confgen.model.host import Completed, Host
    from confgen.model.inventory import Pbx

# As root, by whichever way the connection leads there; sudo asks for no password.
_AS_ROOT = 'if [ "$(id -u)" = 0 ]; then exec sh -s; else exec sudo -n sh -s; fi'
_SAYS = "bootstrap: "
_END = "end-of-the-script-of-confgen"
_FOR_ROOT = """\
#!/bin/sh
# Prepares the host of {pbx} for confgen, who is root there. Read it, then run it there as root. It is safe to run
# again.
#
# It changes nothing of Asterisk. It lays down confgen's script, and a folder with a key of the host's own: with it
# plans can be saved before the first push.
"""
_FOR_DEPUTY = """\
#!/bin/sh
# Prepares the host of {pbx} for confgen, whose user there is {user}. Read it, then run it there as root, once for
# each version of confgen:   sudo sh THIS-FILE   It is safe to run again.
#
# By it {user} may run one script as root, and through it configure Asterisk: {user} can then do all that Asterisk's own
# user can (read its secrets and keys, place calls), and nothing more.
"""
_BEGIN = """\
set -eu
umask 022
unset SUDO_UID SUDO_COMMAND
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

stop() {{
    echo "bootstrap: $1" >&2
    exit 1
}}

say() {{ echo "bootstrap: $1"; }}

[ "$(id -u)" = 0 ] || stop 'run this as root'
for program in base64 flock setpriv setsid sha256sum systemctl tar; do
    command -v "$program" >/dev/null || stop "there is no $program on this host"
done
"""
_NEED_SUDO = """\
command -v visudo >/dev/null || stop 'there is no sudo on this host'
"""
_NEED_USER = """\
id {user} >/dev/null 2>&1 ||
    stop 'there is no user {user} on this host: useradd --create-home {user}, or confgen bootstrap --create-user'
"""
_CREATE_USER = """\
id {user} >/dev/null 2>&1 || {{
    # a password that nothing matches; a locked account would keep keys out too, on some hosts
    useradd --create-home --shell /bin/sh --password '*' {user}
    say 'created the user {user}, who has no password'
}}
"""
_IS_NOT_ROOT = """\
[ "$(id -u {user})" != 0 ] || stop '{user} is root, who needs no sudo'
"""
_LET_IN = """\

# whose key lets in as {user}: no terminal, no forwarding but of ports, by which a proof is made from the host. Done as
# {user}, whose folder it is: root follows no link there
home=$(getent passwd {user} | cut -d: -f6)
[ -n "$home" ] && [ -d "$home" ] || stop '{user} has no home folder'
let_in=$(setsid --wait setpriv --reuid {user} --regid "$(id -g {user})" --init-groups -- sh -c '
    umask 077
    cd -- "$1" && mkdir -p .ssh && cd .ssh && touch authorized_keys || exit 1
    if grep -v "^[[:space:]]*#" authorized_keys | grep -qF -- "$3"; then echo there && exit 0; fi
    if [ -s authorized_keys ] && [ -n "$(tail -c 1 authorized_keys)" ]; then echo >>authorized_keys || exit 1; fi
    echo "$2" >>authorized_keys && echo added
' bootstrap "$home" {line} {encoded} </dev/null) || stop "{user} cannot write $home/.ssh/authorized_keys"
case $let_in in
added) say 'let the key in for {user}' ;;
*) say 'the key is let in for {user} already' ;;
esac
"""
_SCRIPT = """\

# the script, which nobody but root can change
for folder in /usr/local /usr/local/lib; do
    [ "$(stat -Lc %u "$folder")" = 0 ] || stop "$folder does not belong to root"
    case $(stat -Lc %A "$folder") in ?????w* | ????????w*) stop "others than root can write $folder" ;; esac
done
mkdir -p {folder}
chown root:root {folder}
chmod 0755 {folder}
cat >{folder}/new <<'{end}'
{script}{end}
chown root:root {folder}/new
chmod 0755 {folder}/new
if cmp -s {folder}/new {installed}; then say 'the script is there already'; else say 'installed the script'; fi
mv -T {folder}/new {installed}
"""
_AGREE = """\

# which Asterisk, and which certificates of this host: what root agrees to
{installed} {agree} </dev/null
say 'agreed to this Asterisk, and to these certificates'
"""
_PREPARE = """\

# the state folder with the host's own key for fingerprints, and nothing that Asterisk reads
prepared=$({installed} {prepare} </dev/null) || {{
    printf '%s\n' "$prepared"
    exit 3
}}
case $prepared in
*made) say 'made the state folder with a key for fingerprints' ;;
*) say 'the state folder and its key are there already' ;;
esac
"""
_ALLOW = """\

# the right to run the script, and nothing else
cat >/etc/sudoers.d/.confgen-asterisk <<'end'
# Written by confgen bootstrap.
Defaults!{installed} env_reset, !setenv, !requiretty
{rule}
end
chmod 0440 /etc/sudoers.d/.confgen-asterisk
visudo -c -q -f /etc/sudoers.d/.confgen-asterisk || {{
    rm -f /etc/sudoers.d/.confgen-asterisk
    stop 'visudo does not take the rule'
}}
mv -T /etc/sudoers.d/.confgen-asterisk /etc/sudoers.d/confgen-asterisk
say 'let {user} run the script through sudo'
"""
_DONE = """\
echo 'bootstrap: done; `confgen plan` can look at {pbx} now'
"""


def bootstrap(pbx: Pbx, wanted: Bootstrap) -> str:
    """The shell script; what is foreign in it is a checked name, or quoted."""
    key = wanted.public_key
    parts = (
        (
            _FOR_DEPUTY,
            _BEGIN,
            _NEED_SUDO,
            _CREATE_USER if wanted.creates_user else _NEED_USER,
            _IS_NOT_ROOT,
            "" if key is None else _LET_IN,
            _SCRIPT,
            _AGREE,
            _PREPARE,
            _ALLOW,
            _DONE,
        )
        if pbx.ssh.uses_sudo
        else (_FOR_ROOT, _BEGIN, _SCRIPT, _PREPARE, _DONE)
    )
    copied = referenced(pbx) if Part.CERTIFICATES in pbx.manages else {}
    paths = dict.fromkeys(path_of(reference) for reference in copied.values())
    return "".join(parts).format(
        pbx=pbx.name,
        user=pbx.ssh.user,
        folder=script.INSTALLED.rpartition("/")[0],
        installed=script.INSTALLED,
        agree=shlex.join((*script.given(pbx), "agree", *paths)),
        prepare=shlex.join((*script.given(pbx), "prepare")),
        rule=script.rule(pbx),
        script=script.text().decode(),
        end=_END,
        line="" if key is None else shlex.quote(_line(key)),
        encoded="" if key is None else shlex.quote(key.encoded),
    )


def _line(key: PublicKey) -> str:
    """Of authorized_keys: what confgen needs, and no more (sshd(8))."""
    return f"restrict,port-forwarding {key}"


def prepare(host: Host, pbx: Pbx, wanted: Bootstrap) -> Sequence[str]:
    """Run the same script on the host, as root; what it did, each in words. It is safe to run again."""
    program = bootstrap(pbx, wanted).encode()
    completed = host.run(Command(argv=("sh", "-c", _AS_ROOT), stdin=program, timeout=120.0))
    if completed.exit_status != 0:
        raise _refused(pbx, completed)
    said = completed.stdout.decode(errors="replace").splitlines()
    return [line.removeprefix(_SAYS) for line in said if line.startswith(_SAYS)][:-1]  # without its last word


def _refused(pbx: Pbx, completed: Completed) -> PushRefused:
    reason = script.refusal(pbx, completed)
    if reason is not None:
        return reason
    message = script.last_word(completed).removeprefix(_SAYS)
    mend = "mend that and run it again, which is safe; `confgen bootstrap` prints what is run, to be read"
    return PushRefused(Finding(code="PUSH-57", message=message, mend=mend, place=pbx.place, pbx=pbx.name))
