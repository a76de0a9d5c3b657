# What an ordinary user can tell of a host, a `word rest` line each: nothing is written, and nobody's rights are needed.
# Its words are the path of confgen's script, then names of modules.
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C
unset CDPATH
installed=$1
shift

echo "clock $(date +%s)"
echo "synchronised $(timedatectl show --property NTPSynchronized --value 2>/dev/null)"
echo "kernel $(uname -sr) $(uname -m)"
echo "system $(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null | head -n 1)"
echo "user $(id -un 2>/dev/null || id -u)"
echo "id $(id -u)"
if [ -d /run/systemd/system ]; then echo "systemd $(systemctl --version 2>/dev/null | sed -n '1s/^systemd //p')"; fi
for program in base64 flock openssl setpriv setsid sha256sum sudo systemctl tar timeout unshare; do
    if command -v "$program" >/dev/null 2>&1; then echo "has $program"; else echo "lacks $program"; fi
done
echo "script $(sha256sum "$installed" 2>/dev/null | cut -d' ' -f1)"
if [ "$(id -u)" != 0 ] && sudo -n -l "$installed" >/dev/null 2>&1; then echo 'may run'; fi
for folder in /usr/lib/asterisk/modules /usr/lib64/asterisk/modules /usr/lib/*/asterisk/modules /usr/local/lib/asterisk/modules; do
    [ -d "$folder" ] || continue
    echo "modules $folder"
    for name in "$@"; do
        if [ -e "$folder/$name.so" ]; then echo "file $name"; fi
    done
done
echo end
