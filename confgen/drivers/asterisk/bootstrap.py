"""What root runs on an Asterisk host once, so that a user may push there through sudo. Pure."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.on_host import path_of, referenced
from confgen.model.inventory import Part

if TYPE_CHECKING:
    from confgen.model.inventory import Pbx

_END = "end-of-the-script-of-confgen"
_PROGRAM = """\
#!/bin/sh
# Prepares the host of {pbx} for confgen, whose user there is {user}. Read it, then run it there as root, once for
# each version of confgen:   sudo sh THIS-FILE   It is safe to run again.
#
# By it {user} may run one script as root, and through it configure Asterisk: {user} can then do all that Asterisk's own
# user can (read its secrets and keys, place calls), and nothing more.
set -eu
umask 022
unset SUDO_UID SUDO_COMMAND
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

stop() {{
    echo "bootstrap: $1" >&2
    exit 1
}}

[ "$(id -u)" = 0 ] || stop 'run this as root'
id {user} >/dev/null 2>&1 || stop 'there is no user {user} on this host: useradd --create-home {user}'
[ "$(id -u {user})" != 0 ] || stop '{user} is root, who needs no sudo'
command -v visudo >/dev/null || stop 'there is no sudo on this host'
for program in base64 flock setpriv sha256sum systemctl tar; do
    command -v "$program" >/dev/null || stop "there is no $program on this host"
done

# 1. the script, which nobody but root can change
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
mv -T {folder}/new {installed}

# 2. which Asterisk, and which certificates of this host: what root agrees to
{installed} {agree}

# 3. the right to run the script, and nothing else
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
echo 'bootstrap: done; `confgen plan` can look at {pbx} now'
"""


def bootstrap(pbx: Pbx) -> str:
    """The shell script; what is foreign in it is a checked name, or quoted."""
    copied = referenced(pbx) if Part.CERTIFICATES in pbx.manages else {}
    paths = dict.fromkeys(path_of(reference) for reference in copied.values())
    return _PROGRAM.format(
        pbx=pbx.name,
        user=pbx.ssh.user,
        folder=script.INSTALLED.rpartition("/")[0],
        installed=script.INSTALLED,
        agree=shlex.join((*script.given(pbx), "agree", *paths)),
        rule=script.rule(pbx),
        script=script.text().decode(),
        end=_END,
    )
