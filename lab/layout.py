"""Where a host keeps its Asterisk: as Debian's package lays it out, or under /usr/local as other builds do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Places and names of one Asterisk; `user` is the group's name too."""

    binary: str
    configuration: str
    run: str
    user: str
    service: str

    def console(self, command: str) -> tuple[str, ...]:
        """The argument vector that gives Asterisk's command line one command."""
        return (self.binary, "-C", f"{self.configuration}/asterisk.conf", "-rx", command)

    @property
    def control_socket(self) -> str:
        """The socket of Asterisk's command line."""
        return f"{self.run}/asterisk.ctl"


PACKAGED = Layout(
    binary="/usr/sbin/asterisk",
    configuration="/etc/asterisk",
    run="/run/asterisk",
    user="asterisk",
    service="asterisk.service",
)
LOCAL = Layout(
    binary="/usr/local/sbin/asterisk",
    configuration="/usr/local/etc/asterisk",
    run="/usr/local/var/run/asterisk",
    user="pbx",
    service="pbx.service",
)

_DIRECTORIES = """\
[directories]
astetcdir => /usr/local/etc/asterisk
astmoddir => /usr/local/lib/asterisk/modules
astvarlibdir => /usr/local/var/lib/asterisk
astdbdir => /usr/local/var/lib/asterisk
astkeydir => /usr/local/var/lib/asterisk
astdatadir => /usr/local/share/asterisk
astagidir => /usr/local/share/asterisk/agi-bin
astspooldir => /usr/local/var/spool/asterisk
astrundir => /usr/local/var/run/asterisk
astlogdir => /usr/local/var/log/asterisk
astcachedir => /usr/local/var/cache/asterisk
astsbindir => /usr/local/sbin

[options]
documentation_language = en_US
"""
_UNIT = """\
[Unit]
Description=The company's telephone exchange
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
ExecStart=/usr/local/sbin/asterisk -g -f -p -U pbx -G pbx -C /usr/local/etc/asterisk/asterisk.conf
Restart=on-failure
RestartSec=1
WorkingDirectory=/usr/local/var/lib/asterisk
StandardOutput=null
StandardError=null

[Install]
WantedBy=multi-user.target
"""
# Run in the host's root folder before its first start: the packaged files move, the package's own places are gone.
MOVE_TO_LOCAL = f"""\
set -e
move() {{
    rm -rf "$2"  # the package makes empty folders under /usr/local
    if [ -e "$1" ]; then mkdir -p "${{2%/*}}"; mv "$1" "$2"; else mkdir -p "$2"; fi
}}
useradd --system --user-group --no-create-home --home-dir /usr/local/var/lib/asterisk --shell /usr/sbin/nologin pbx
move /usr/sbin/asterisk /usr/local/sbin/asterisk
move /etc/asterisk /usr/local/etc/asterisk
move "$(dirname "$(find /usr/lib -path '*/asterisk/modules/res_pjsip.so')")" /usr/local/lib/asterisk/modules
move /usr/share/asterisk /usr/local/share/asterisk
for kind in lib spool log cache run; do
    move "/var/$kind/asterisk" "/usr/local/var/$kind/asterisk"
    chown -R pbx:pbx "/usr/local/var/$kind/asterisk"
done
chown -R --from=asterisk:asterisk pbx:pbx /usr/local/etc/asterisk
# These links led to the package's places.
cd /usr/local/share/asterisk/sounds
rm -f custom priv-callerintros recordings
ln -sfn en_US_f_Allison en
ln -sfn en_US_f_Allison en_US
cat > /usr/local/etc/asterisk/asterisk.conf <<'END'
{_DIRECTORIES}END
cat > /etc/systemd/system/pbx.service <<'END'
{_UNIT}END
ln -s /etc/systemd/system/pbx.service /etc/systemd/system/multi-user.target.wants/pbx.service
rm -f /lib/systemd/system/asterisk.service /usr/lib/systemd/system/asterisk.service /etc/init.d/asterisk
rm -f /etc/systemd/system/multi-user.target.wants/asterisk.service /etc/rc?.d/???asterisk
rm -f /etc/default/asterisk /etc/logrotate.d/asterisk /usr/sbin/rasterisk /usr/sbin/safe_asterisk
userdel asterisk
"""
