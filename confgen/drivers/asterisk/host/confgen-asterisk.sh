#!/bin/sh
# confgen's hands on an Asterisk host: fixed verbs, one answer each, given at the end.
#
# State folder (root and Asterisk's group, which may read and never write):
#   current -> generations/N      the only thing that flips; Asterisk's names are links through it
#   under_way                     while Asterisk may run another one than it should: the generation to go back to
#   generations/N/etc/NAME        a complete set; generations/N/manifest tells digest, owner and mode of each
#   generations/N/names           what it manages, present or absent; whatever else generation 0 holds is the user's again
#   generations/0                 what was there before confgen, of all that is managed now
#   keys/DIGEST…                  certificates and keys, named by their content, shared by the generations
#   store/N.tar                   a copy of generation N that only root can read and write, for undo
#   fingerprint.key               the host's own key for fingerprints
#
# Asterisk's user owns the configuration folder. So root makes every entry in the state folder and renames it into place,
# and never opens a path below the configuration folder: what is foreign there is read as Asterisk's user.
#
# A deputy is who runs this through sudo and is not root. By configuring Asterisk a deputy can do all that Asterisk's user
# can, and must never do more: which Asterisk, whose and where, and which certificates of the host may be copied, root has
# agreed to beforehand (verb `agree`); what a deputy says of that counts only where it says the same.
set -eu
umask 077
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
unset CDPATH ENV OPENSSL_CONF TAR_OPTIONS TMPDIR
trap '' HUP PIPE
# Through a process of its own Asterisk's user could type on the terminal where root runs this: none gets to see it.
if [ -f "$0" ] && (: </dev/tty) 2>/dev/null; then exec setsid --wait /bin/sh "$0" "$@"; fi
cd /

STATE=/etc/confgen/asterisk
AGREED=/etc/confgen/asterisk.agreed
SCRIPT_PATH=/usr/local/lib/confgen/confgen-asterisk
LOCK=/run/confgen-asterisk.lock
STARTED_WITHIN=30 # seconds for Asterisk to be fully booted
STOPPED_WITHIN=10 # seconds for Asterisk to stop before it is killed
ARCHIVE_LIMIT=268435456 # bytes that a push may bring
KEY_LIMIT=1048576 # bytes of one certificate or key

# what was said on the command line
GIVEN_SERVICE='' GIVEN_BINARY='' GIVEN_CONFIGURATION='' GIVEN_USER='' GIVEN_SCRIPT=''
# what was found
SERVICE='' PID='' OTHER='' BINARY='' OPTIONS_FILE='' USER_ID='' GROUP_ID='' SETTINGS='' ETC='' LOG=''

# sudo itself sets SUDO_UID, whatever the caller's environment says
case ${SUDO_UID:-0} in 0) IS_DEPUTY=no ;; *) IS_DEPUTY=yes ;; esac

refuse() { # CODE MESSAGE: nothing was done, and why
    printf 'refused %s %s\n' "$1" "$2"
    exit 3
}

# --- finding Asterisk ---------------------------------------------------------------------------------------------------

property() { systemctl show --property "$1" --value "$SERVICE.service" 2>/dev/null || true; }

program_of() { readlink "/proc/$1/exe" 2>/dev/null | sed 's/ (deleted)$//' || true; } # an upgrade may have replaced it

is_asterisk() { # PID
    program=$(program_of "$1")
    if [ -n "$GIVEN_BINARY" ]; then [ "$program" = "$(readlink -f "$GIVEN_BINARY")" ]; else [ "${program##*/}" = asterisk ]; fi
}

services_of_asterisk() { # names of the running services whose main process is an Asterisk
    { systemctl show --property Id,MainPID '*.service' 2>/dev/null && echo; } | while read -r line; do
        case $line in
        Id=*.service) id=${line#Id=} ;;
        MainPID=*) pid=${line#MainPID=} ;;
        '')
            if [ "${pid:-0}" != 0 ] && [ -n "${id:-}" ] && is_asterisk "$pid"; then echo "${id%.service}"; fi
            id='' pid=0
            ;;
        esac
    done
}

remembered() { # WORD: what root agreed to, or what was found when a generation was last staged
    cat "$AGREED" "$STATE/found" 2>/dev/null | sed -n "s/^$1 //p" | head -n 1
}

find_service() {
    SERVICE=$GIVEN_SERVICE
    [ "$IS_DEPUTY" = no ] || SERVICE=$(remembered service)
    if [ -z "$SERVICE" ]; then
        SERVICE=$(services_of_asterisk)
        if [ "$(printf '%s' "$SERVICE" | wc -l)" != 0 ]; then
            known=$(remembered service)
            printf '%s\n' "$SERVICE" | grep -qxF -- "$known" ||
                refuse PUSH-35 "several services run an Asterisk: $(printf '%s' "$SERVICE" | tr '\n' ' ')"
            SERVICE=$known
        fi
    fi
    SERVICE=${SERVICE:-$(remembered service)}
    if [ -z "$SERVICE" ]; then
        SERVICE=asterisk
        [ "$(property LoadState)" = loaded ] || [ -e /etc/asterisk/asterisk.conf ] || command -v asterisk >/dev/null ||
            refuse PUSH-01 'no service of this host runs an Asterisk, and there is no asterisk program'
    elif [ "$(property LoadState)" != loaded ]; then
        refuse PUSH-34 "there is no service $SERVICE on this host"
    fi
}

meet_process() { # of the service, if it runs
    # systemd knows the process; a PID file is Asterisk's own to write, and could name root's process
    main=$(property MainPID)
    PID='' OTHER=''
    if [ "${main:-0}" = 0 ] || ! [ -d "/proc/$main" ]; then return 0; fi
    BINARY=$(program_of "$main")
    if ! is_asterisk "$main"; then
        OTHER=$BINARY
        return 0
    fi
    PID=$main
    OPTIONS_FILE=$(tr '\0' '\n' <"/proc/$PID/cmdline" | sed -n -e '/^-C$/{n;p;q;}' -e 's/^-C\(.\)/\1/p' | head -n 1)
}

owner_of_process() { sed -n "s/^$1:[[:space:]]*[0-9]*[[:space:]]*\([0-9]*\).*/\1/p" "/proc/$PID/status"; } # Uid or Gid in effect

name_of_user() { id -nu "$USER_ID" 2>/dev/null || echo "$USER_ID"; }

find_user() { # numbers, for a name may be missing
    [ -z "$GIVEN_USER" ] || id -u "$GIVEN_USER" >/dev/null 2>&1 || refuse PUSH-34 "there is no user $GIVEN_USER on this host"
    said=${GIVEN_USER:-$(remembered user)}
    if [ -n "$PID" ]; then
        USER_ID=$(owner_of_process Uid)
        GROUP_ID=$(owner_of_process Gid)
        if [ -n "$GIVEN_USER" ] && [ "$(id -u "$GIVEN_USER")" != "$USER_ID" ]; then
            refuse PUSH-34 "the service $SERVICE runs as $(name_of_user), not as $GIVEN_USER"
        fi
    elif [ -n "$said" ]; then
        USER_ID=$(id -u "$said")
        GROUP_ID=$(id -g "$said")
    else
        folder=${GIVEN_CONFIGURATION:-/etc/asterisk}
        USER_ID=$(stat -c %u "$folder" 2>/dev/null || echo 65534)
        GROUP_ID=$(stat -c %g "$folder" 2>/dev/null || echo 65534)
    fi
}

setting() { printf '%s\n' "$SETTINGS" | sed -n "s/^ *$1: *//p" | head -n 1; }

find_folders() {
    SETTINGS=$(cli 'core show settings')
    ETC=$(setting 'Configuration directory')
    LOG=$(setting 'Log directory')
    if [ -n "$GIVEN_CONFIGURATION" ] && [ -n "$ETC" ] && [ "$ETC" != "$GIVEN_CONFIGURATION" ]; then
        refuse PUSH-34 "the configuration folder of the Asterisk that runs is $ETC, not $GIVEN_CONFIGURATION"
    fi
    ETC=${ETC:-${GIVEN_CONFIGURATION:-$(remembered configuration)}}
    ETC=${ETC:-/etc/asterisk}
    LOG=${LOG:-$(remembered log)}
    LOG=${LOG:-/var/log/asterisk}
    case $ETC in /*) ;; *) refuse PUSH-19 "$ETC cannot be Asterisk's configuration folder" ;; esac
    [ -n "$PID" ] || [ -d "$ETC" ] ||
        refuse PUSH-11 "the service $SERVICE does not run, and $ETC is not there: start it, or write installation: {service: NAME, configuration: FOLDER}"
    # the console is Asterisk's user's own: what it says of the folder is believed only where that user could not point
    # root elsewhere with it
    if [ "$(readlink -f "$ETC")" != "$ETC" ] || ! only_root_leads "$(dirname "$ETC")" || ! is_configuration "$ETC"; then
        refuse PUSH-19 "$ETC cannot be Asterisk's configuration folder"
    fi
}

is_configuration() { # FOLDER: it holds an asterisk.conf that is one; systemd's tmpfiles.d may have a file of that name
    as_asterisk grep -qE '^[[:space:]]*\[(directories|options|files|compat)\]' "$1/asterisk.conf" 2>/dev/null
}

only_root_leads() { # PATH: nobody but root can write it, or make it lead elsewhere, links on the way included
    left=${1#/} at='' hops=0
    while :; do
        [ "$(stat -c %u "${at:-/}")" = 0 ] || return 1
        case $(stat -c %A "${at:-/}") in ?????w* | ????????w*) return 1 ;; esac
        [ -n "$left" ] || return 0
        name=${left%%/*}
        case $left in */*) left=${left#*/} ;; *) left='' ;; esac
        case $name in '' | .) continue ;; ..) at=${at%/*} && continue ;; esac
        if [ -L "$at/$name" ]; then
            hops=$((hops + 1))
            [ "$hops" -le 40 ] || return 1
            target=$(readlink "$at/$name")
            case $target in /*) at='' ;; esac
            left=${target#/}${left:+/$left}
        elif [ -e "$at/$name" ]; then
            at=$at/$name
        else
            return 1
        fi
    done
}

find_asterisk() {
    find_service
    meet_process
    [ -z "$OTHER" ] || refuse PUSH-34 "the main process of the service $SERVICE is $OTHER, not ${GIVEN_BINARY:-an Asterisk}"
    find_user
    [ "$IS_DEPUTY" = no ] || hold_to_agreement
    find_folders
    [ "$IS_DEPUTY" = no ] || [ "$ETC" = "$(remembered configuration)" ] ||
        refuse PUSH-36 "root has agreed to the configuration in $(remembered configuration), not in $ETC"
}

need_root() {
    [ "$(id -u)" = 0 ] || refuse PUSH-38 "$(id -nu) is not root on this host"
    [ "$IS_DEPUTY" = no ] || [ -f "$AGREED" ] || refuse PUSH-30 'root has not run the bootstrap of this version here'
    [ -z "$GIVEN_SCRIPT" ] || [ "$GIVEN_SCRIPT" = "$(sha256sum <"$SCRIPT_PATH" | cut -d' ' -f1)" ] ||
        refuse PUSH-30 "the script on this host is of another version of confgen"
}

hold_to_agreement() { # a deputy gets to the one Asterisk that root has agreed to, and never to root
    [ "$USER_ID" != 0 ] || refuse PUSH-33 'Asterisk runs as root, so whoever may configure it is root'
    [ "$(id -u "$(remembered user)" 2>/dev/null || true)" = "$USER_ID" ] ||
        refuse PUSH-36 "root has agreed to an Asterisk of $(remembered user), not of $(name_of_user)"
    case $GIVEN_SERVICE in '' | "$SERVICE") ;; *) refuse PUSH-36 "root has agreed to the service $SERVICE, not $GIVEN_SERVICE" ;; esac
}

# What belongs to Asterisk's user is done as that user, and so is its console: neither the program nor a socket that this
# user could have replaced is ever trusted by root. setpriv asks no PAM, which runuser does every time.
# None of it gets the lock (9), which whoever has it open could hold for ever.
as_asterisk() { setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --init-groups -- "$@" 9>&-; }

cli() { # COMMAND: what Asterisk's console answers, nothing where it does not
    [ -n "$PID" ] || return 0
    timeout -k 1 10 setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --init-groups -- \
        "$BINARY" ${OPTIONS_FILE:+-C "$OPTIONS_FILE"} -rx "$1" 2>/dev/null </dev/null 9>&- || true
}

is_name() { case $1 in '' | .* | *[!A-Za-z0-9._-]*) return 1 ;; esac; }

is_managed() { # NAME: what confgen may put there; asterisk.conf says who Asterisk runs as
    case $1 in asterisk.conf) return 1 ;; *.conf | extensions.ael | extensions.lua) is_name "$1" ;; *) return 1 ;; esac
}

need_managed() { for name in "$@"; do is_managed "$name" || refuse PUSH-02 "not a file that confgen manages: $name"; done; }

need_names() { for name in "$@"; do is_name "$name" || refuse PUSH-02 "not a file name: $name"; done; }

need_number() { case $1 in '' | *[!0-9]*) refuse PUSH-02 "not a generation: $1" ;; esac; }

need_generation() {
    need_number "$1"
    [ -f "$STATE/generations/$1/manifest" ] || refuse PUSH-03 "there is no generation $1 on this host"
}

current() { if [ -L "$STATE/current" ]; then basename "$(readlink "$STATE/current")"; fi; }

# only what was confirmed is kept to go back to; generation 0 is what was there
kept() { for folder in "$STATE"/generations/*/; do [ -f "$folder/confirmed" ] && basename "$folder"; done | sort -n; }

newest() { # of all; where none is active, of those that were staged only, for the others are as good as gone
    for folder in "$STATE"/generations/*/; do
        name=$(basename "$folder")
        case $name in *[!0-9]*) continue ;; esac
        [ -z "$(current)" ] && [ -f "$folder/confirmed" ] || echo "$name"
    done | sort -n | tail -n 1
}

last_kept() { # the active generation, or where its push was cut off, the one that was active before
    if [ -n "$(current)" ] && [ -f "$STATE/under_way" ]; then
        cat "$STATE/under_way"
        return 0
    fi
    active=$(current)
    if [ -f "$STATE/generations/${active:-0}/confirmed" ]; then echo "${active:-0}"; else kept | tail -n 1; fi
}

is_ours() { [ -L "$ETC/$1" ] && [ "$(readlink "$ETC/$1")" = "$STATE/current/etc/$1" ]; }

go_back_to() { # N: until further notice
    echo "$1" >"$STATE/under_way.new"
    mv -T "$STATE/under_way.new" "$STATE/under_way"
}

has_end() { # NAME: a pipe or a device could be read for ever
    [ -f "$ETC/$1" ] || [ "$(readlink -f -- "$ETC/$1")" = /dev/null ]
}

flush() { sync -f "$STATE" 2>/dev/null || sync; }

# --- looking -----------------------------------------------------------------------------------------------------------

verb_observe() { # NAME…: the managed names
    need_names "$@"
    find_asterisk
    [ -z "$PID" ] || [ -n "$SETTINGS" ] || refuse PUSH-11 'Asterisk runs, and its console does not answer'
    echo "boot $(cat /proc/sys/kernel/random/boot_id)"
    echo "running $([ -n "$PID" ] && echo yes || echo no)"
    echo "systemd $([ -d /run/systemd/system ] && echo yes || echo no)"
    fact version "$(cli 'core show version' | head -n 1)"
    fact service "$SERVICE"
    fact binary "${BINARY:-unknown}"
    fact configuration "$ETC"
    fact log "$LOG"
    fact user "$(name_of_user)"
    fact calls "$(cli 'core show channels count' | sed -n 's/ active calls*$//p' | head -n 1)"
    echo "script $(sha256sum <"$SCRIPT_PATH" 2>/dev/null | cut -d' ' -f1)"
    active=$(current)
    echo "current $active"
    echo "confirmed $(is_settled && echo yes || echo no)"
    for generation in $(kept); do echo "generation $generation"; done
    [ -f "$STATE/fingerprint.key" ] && echo "key $(cat "$STATE/fingerprint.key")"
    # links that lead to generation 0 lead to what is the user's
    [ "${active:-0}" != 0 ] && sed 's/^/manifest /' "$STATE/generations/$active/manifest"
    generators
    for name in "$@"; do
        [ -L "$ETC/$name" ] || [ -e "$ETC/$name" ] || continue
        kind=foreign sum=''
        is_ours "$name" && [ "$active" != 0 ] && kind=ours
        has_end "$name" && sum=$(as_asterisk sha256sum -- "$ETC/$name" 2>/dev/null | cut -d' ' -f1)
        is_ours "$name" && [ -z "$sum" ] && continue # a dangling link equals an absent file
        echo "file $name $kind ${sum:-unreadable}"
    done
    [ -n "$active" ] && for name in $(released_by_names "$active" "$@"); do echo "released $name"; done
    for file in "$STATE"/keys/*; do
        [ -f "$file" ] && echo "file keys/$(basename "$file") ours $(sha256sum <"$file" | cut -d' ' -f1)"
    done
    true
}

is_settled() { # whether Asterisk runs what is active, and that was confirmed
    [ -z "$(current)" ] || { [ -f "$STATE/generations/$(current)/confirmed" ] && ! [ -f "$STATE/under_way" ]; }
}

fact() { printf 'fact %s %s\n' "$1" "$2"; } # an echo would make new lines of what the console says

generators() { # other programs that write Asterisk's configuration, by what they leave on a host
    while read -r path name; do
        case $path in
        /*) [ -e "$path" ] && echo "generator $name by $path" ;;
        *) as_asterisk test -e "$ETC/$path" && echo "generator $name by $ETC/$path" ;;
        esac
    done <<'END' || true
/etc/freepbx.conf FreePBX
/etc/amportal.conf FreePBX
freepbx.conf FreePBX
/etc/issabel.conf Issabel
/etc/elastix.conf Elastix
/etc/pbx/.incredible Incredible PBX
/etc/pbx/.version PBX in a Flash
/usr/share/vitalpbx VitalPBX
vitalpbx VitalPBX
/etc/wazo-confgend Wazo
/etc/wazo-confgend-client Wazo
/etc/xivo XiVO
/cf/conf/mikopbx.db MikoPBX
/etc/astguiclient.conf VICIdial
pjsip_magnus.conf MagnusBilling
END
    for name in extensions.conf pjsip.conf sip.conf modules.conf; do
        is_ours "$name" && continue
        by=$(as_asterisk head -c 4096 -- "$ETC/$name" 2>/dev/null |
            sed -n 's/.*[Aa][Uu][Tt][Oo]-[Gg][Ee][Nn][Ee][Rr][Aa][Tt][Ee][Dd] [Bb][Yy] \([A-Za-z0-9]*\).*/\1/p' | head -n 1)
        [ -z "$by" ] || echo "generator $by by the head of $ETC/$name"
    done
}

verb_read() { # NAME…: a tar of the texts, as Asterisk reads them
    need_names "$@"
    find_asterisk
    for name in "$@"; do
        if as_asterisk test -f "$ETC/$name" && as_asterisk test -r "$ETC/$name"; then echo "$name"; fi
    done | as_asterisk tar -chf - -C "$ETC" -T -
}

verb_own() { # FILE…: a tar of files of the user's own, and of what they include, as Asterisk reads them
    for name in "$@"; do
        case $name in '' | -* | *[!A-Za-z0-9_/.@+-]*) refuse PUSH-02 "not a file to include: $name" ;; esac
    done
    find_asterisk
    # shellcheck disable=SC2016 # it is Asterisk's user whose shell expands it
    as_asterisk sh -c '
        cd "$1" && shift || exit 1
        IFS="
"
        queue="$*" seen=
        while [ -n "$queue" ] && [ "${#seen}" -lt 65536 ]; do
            next=
            for file in $queue; do # patterns are expanded here
                case $file in -*) continue ;; esac
                [ -f "$file" ] && [ -r "$file" ] || continue
                case "$IFS$seen$IFS" in *"$IFS$file$IFS"*) continue ;; esac
                seen="$seen$IFS$file"
                next="$next$IFS$(sed -n "s/^[[:blank:]]*#[[:alpha:]]*[[:blank:]]\{1,\}//p" <"$file" |
                    sed "s/[[:blank:]]*;.*//; s/[[:blank:]]*\$//; s/^[\"<]//; s/[\">]\$//")"
            done
            queue=$next
        done
        printf "%s" "$seen" | tar -chPf - --verbatim-files-from -T -
    ' own "$ETC" "$@"
}

verb_generation() { # N: a tar of a kept generation, with the keys that it names; one of the host's own stays there
    [ "$IS_DEPUTY" = no ] || find_asterisk
    need_generation "$1"
    (cd "$STATE" && {
        ls -d "generations/$1/etc"/*
        [ ! -f "generations/$1/keys.list" ] || while read -r name; do
            grep -qxF -- "$name" "generations/$1/keys.of_host" 2>/dev/null || echo "keys/$name"
        done <"generations/$1/keys.list"
    } | tar -cf - -T - --transform "s,^generations/$1/etc/,,")
}

ask() { # COMMAND: one question to Asterisk, with its answer
    printf '=== %s\n' "$1"
    cli "$1"
}

verb_state() { # ENDPOINT…: those to show
    need_names "$@"
    find_asterisk
    printf '=== process\nrunning %s\nuser %s\n' "$([ -n "$PID" ] && echo yes || echo no)" "$(name_of_user)"
    printf '=== files\n'
    active=$(current)
    [ -n "$active" ] && while read -r digest _ _ name; do
        printf '%s %s %s\n' "$name" "$digest" "$(as_asterisk sha256sum -- "$ETC/$name" 2>/dev/null | cut -d' ' -f1)"
    done <"$STATE/generations/$active/manifest"
    [ -n "$active" ] && [ -f "$STATE/generations/$active/keys.list" ] && while read -r name; do
        printf 'keys/%s %s %s\n' "$name" "${name%%.*}" "$(sha256sum <"$STATE/keys/$name" 2>/dev/null | cut -c1-32)"
    done <"$STATE/generations/$active/keys.list"
    [ -n "$SETTINGS" ] || return 0 # a console that does not answer is not asked again
    ask 'core show version'
    ask 'pjsip show transports'
    for transport in $(cli 'pjsip show transports' | sed -n 's/^Transport:  *\([^ <]*\) .*/\1/p'); do ask "pjsip show transport $transport"; done
    ask 'pjsip list endpoints'
    for endpoint in "$@"; do ask "pjsip show endpoint $endpoint"; done
    ask 'pjsip show contacts'
    ask 'module show'
    ask 'rtp show settings'
    ask 'manager show settings'
    ask 'manager show users'
    for user in $(cli 'manager show users' | sed '1,/^--------$/d;/^-----/,$d'); do
        is_name "$user" && ask "manager show user $user"
    done || true
    ask 'http show status'
    ask 'logger show channels'
    ask 'dialplan show'
    printf '=== calls before\n'
    cli 'core show channels count'
    sleep 0.2 # a call that has just ended may hold its sockets a moment longer than its channel
    for table in tcp tcp6 udp udp6; do
        printf '=== /proc/net/%s\n' "$table"
        cat "/proc/net/$table" 2>/dev/null || true
    done
    printf '=== sockets\n'
    # what is read here are targets of links, never names of files
    # shellcheck disable=SC2012
    [ -n "$PID" ] && ls -l "/proc/$PID/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\].*/\1/p'
    printf '=== calls after\n'
    cli 'core show channels count'
}

verb_leg() { # TRUNK NUMBER VARIABLE: a call through a trunk to the peer's echo number
    for word in "$@"; do is_name "$word" || refuse PUSH-02 "not a name: $word"; done
    find_asterisk
    printf '=== dialplan\n'
    cli "dialplan show $1@confgen-leg"
    cli "dialplan set global $3 none" >/dev/null
    cli "pjsip qualify $1" >/dev/null # a peer that was away when last asked is called again only after this
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        cli 'pjsip show contacts' | grep -F " $1/" | grep -qw Avail && break
        sleep 0.2
    done
    begun=$(date +%s)
    printf '=== originate\n'
    cli "channel originate PJSIP/$2@$1 extension $1@confgen-leg"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
        seen=$(cli 'dialplan show globals' | sed -n "s/^ *$3=//p" | head -n 1)
        [ -n "$seen" ] && [ "$seen" != none ] && break
        sleep 0.2
    done
    printf '=== begun\n%s\n=== seen\n%s\n' "$begun" "${seen:-none}"
    printf '=== qualify\n'
    cli "pjsip show contacts" | grep -F " $1/" || true
}

registration_end() { # TRUNK: when the registration in force ends, in seconds since the epoch
    left=$(cli 'pjsip show registrations' | grep -F " $1/" | sed -n 's/.* Registered .*(exp\. \([0-9]*\)s).*/\1/p')
    [ -z "$left" ] || echo $(($(date +%s) + left))
}

contact() { cli 'pjsip show contacts' | grep -F " $1/" || true; } # TRUNK

verb_provider() { # TRUNK TRANSPORT yes|no: registers, if it does, and asks for options anew; makes no call
    for word in "$@"; do is_name "$word" || refuse PUSH-02 "not a name: $word"; done
    find_asterisk
    authority=$(cli "pjsip show transport $2" | sed -n 's/^ ca_list_file *: *//p')
    case $authority in "$STATE"/keys/*.crt) is_name "$(basename "$authority")" || authority= ;; *) authority= ;; esac
    client=$(cli "pjsip show registration $1" | sed -n 's/^ client_uri *: *//p')
    before=$(sizes_of_logs)
    was=$(contact "$1")
    ended=$(registration_end "$1")
    registered=$3 answered=no turn=0
    [ "$3" = no ] || registered=pending
    # A provider that answers options is given as long as a REGISTER takes to time out: one that was sent over a connection
    # that broke holds up the next for 6.4 seconds (RFC 3261, timer F, as long as we render timer B).
    while [ "$turn" -lt 16 ] || { [ "$turn" -lt 40 ] && [ "$answered" = yes ]; }; do
        case $turn in 0 | 4 | 20 | 30) # seldom: who is asked too often bars us
            [ "$registered" != pending ] || cli "pjsip send register $1" >/dev/null
            [ "$answered" = yes ] || cli "pjsip qualify $1" >/dev/null
            ;;
        esac
        sleep 0.5
        turn=$((turn + 1))
        # an answer of just now is told from an earlier one: a registration by its later end, options by their round trip
        if [ "$registered" = pending ] && [ "$(registration_end "$1")" -gt "${ended:-0}" ] 2>/dev/null; then registered=yes; fi
        case $(contact "$1") in "$was") ;; *' Avail '*) answered=yes ;; esac
        [ "$registered" = pending ] || [ "$answered" = no ] || break
        log=$(printf '%s\n' "$before" | new_lines | grep -F "registration attempt to '$client'" || true)
        case $log in
        *"'"[0-9][0-9][0-9]"'"*' on registration'*) break ;;                         # it said no
        *'No response received'*) [ "$turn" -lt 8 ] || [ "$answered" = yes ] || break ;; # nobody is there
        esac
    done
    printf '=== registered\n%s\n=== answered\n%s\n' "$registered" "$answered"
    printf '=== registration\n'
    cli 'pjsip show registrations' | grep -F " $1/" || true
    printf '=== contact\n'
    contact "$1"
    printf '=== log\n'
    printf '%s\n' "$before" | new_lines
    printf '=== authority\n'
    [ -z "$authority" ] || as_asterisk cat -- "$authority" 2>/dev/null || true
}

# --- changing ----------------------------------------------------------------------------------------------------------

locked() {
    exec 9>"$LOCK"
    flock -w 5 9 || refuse PUSH-04 'another confgen is at work on this host'
}

describe() { # FOLDER: the manifest of a generation's files
    (cd "$1/etc" && for file in *; do
        [ -f "$file" ] || continue
        printf '%s %s %s %s\n' "$(sha256sum <"$file" | cut -d' ' -f1)" "$(stat -c %a "$file")" "$(stat -c %U:%G "$file")" "$file"
    done)
}

seal() { # FOLDER: files as Asterisk may read them and only root may write them
    chown -R "root:$GROUP_ID" "$1"
    find "$1" -type d -exec chmod 0750 {} +
    find "$1" -type f -exec chmod 0640 {} +
}

keep() { # NAME: what stands under a name goes to generation 0, read as Asterisk's user
    zero="$STATE/generations/0"
    if [ -L "$ETC/$1" ]; then
        target=$(readlink "$ETC/$1")
        case $target in '' | *[![:print:]]* | ' '* | *' ') refuse PUSH-05 "$ETC/$1 is a link with a strange target" ;; esac
        [ ! -e "$ETC/$1" ] || has_end "$1" || refuse PUSH-05 "$ETC/$1 is a link that leads to no file"
        printf 'link - %s %s %s\n' "$(stat -c '%u %g' "$ETC/$1")" "$1" "$target" >>"$zero/origin"
    elif [ -f "$ETC/$1" ]; then
        mode=$(stat -c %a "$ETC/$1")
        # given back with other content, such a bit would give away its owner's rights
        case $mode in ????*) refuse PUSH-05 "$ETC/$1 has the mode $mode, which is a program's" ;; esac
        # what is given back is a new file of that content, owner and mode
        case $(ls -ld -- "$ETC/$1") in ??????????+*) refuse PUSH-05 "$ETC/$1 has an access list (ACL)" ;; esac
        [ "$(stat -c %h "$ETC/$1")" = 1 ] || refuse PUSH-05 "$ETC/$1 has a second name (a hard link)"
        printf 'file %s %s %s\n' "$mode" "$(stat -c '%u %g' "$ETC/$1")" "$1" >>"$zero/origin"
    elif [ -e "$ETC/$1" ]; then
        refuse PUSH-05 "$ETC/$1 is neither a file nor a link"
    else
        return 0
    fi
    if ! as_asterisk cat -- "$ETC/$1" >"$zero/etc/$1" 2>/dev/null; then
        [ -L "$ETC/$1" ] || refuse PUSH-05 "$ETC/$1 cannot be read by Asterisk's user $(name_of_user)"
        rm -f "$zero/etc/$1" # a link that leads nowhere equals an absent file
    fi
}

open_zero() { : >"$STATE/generations/0/open"; } # it differs from its manifest until it is sealed again

seal_zero() {
    seal "$STATE/generations/0"
    describe "$STATE/generations/0" >"$STATE/generations/0/manifest"
    : >"$STATE/generations/0/confirmed"
    save 0
    rm -f "$STATE/generations/0/open"
}

close_zero() { [ ! -f "$STATE/generations/0/open" ] || seal_zero; } # what was cut off: a name that it half knows is the user's

keep_present() { # NAME…: generation 0 is what is there
    rm -rf "$STATE/generations/0"
    mkdir -p "$STATE/generations/0/etc"
    : >"$STATE/generations/0/origin"
    for name in "$@"; do keep "$name"; done
    seal_zero
}

keep_late() { # NAME…: what came under a managed name since it was last managed is kept too, before it is taken over
    active=$(current)
    for name in "$@"; do
        is_ours "$name" && continue
        [ -L "$ETC/$name" ] || [ -e "$ETC/$name" ] || continue
        if managed_by "$active" | grep -qxF -- "$name"; then
            names_in "generations/$active/manifest" 4 | grep -qxF -- "$name" && continue # changed by hand, not new
            names_in generations/0/origin 5 | grep -qxF -- "$name" && refuse PUSH-18 "$ETC/$name is there again, and generation 0 keeps an earlier one of that name"
        fi
        open_zero
        forget_kept "$name" # left by a push that took it over and did not get to its end
        keep "$name"
        seal_zero
    done
}

forget_kept() { # NAME: generation 0 holds it no longer
    rm -f "$STATE/generations/0/etc/$1"
    while read -r kind mode owner group known target; do
        [ "$known" = "$1" ] || printf '%s %s %s %s %s%s\n' "$kind" "$mode" "$owner" "$group" "$known" "${target:+ $target}"
    done <"$STATE/generations/0/origin" >"$STATE/origin.new"
    mv -T "$STATE/origin.new" "$STATE/generations/0/origin"
}

names_in() { cut -d' ' -f"$2" <"$STATE/$1"; } # FILE FIELD

managed_by() { # N: the names that a generation manages; one that was written without a list of them manages all it knows
    [ "$1" = 0 ] && return 0
    if [ -f "$STATE/generations/$1/names" ]; then
        cat "$STATE/generations/$1/names"
    else
        {
            names_in "generations/$1/manifest" 4
            names_in generations/0/origin 5
        } | sort -u
    fi
}

released_by() { # N: names that generation 0 holds and N does not manage
    [ "$1" = 0 ] || names_in generations/0/origin 5 | grep -vxF -- "$(managed_by "$1")" || true
}

describe_anew() { # N: after names were lent to it, or taken off it again
    describe "$STATE/generations/$1" >"$STATE/manifest.new"
    chown "root:$GROUP_ID" "$STATE/manifest.new"
    chmod 0640 "$STATE/manifest.new"
    mv -T "$STATE/manifest.new" "$STATE/generations/$1/manifest"
    save "$1"
}

released_by_names() { # N NAME…: what N manages and these names do not, where it is there or generation 0 holds it
    generation=$1
    shift
    managed_by "$generation" | grep -vxF -- "$(printf '%s\n' "$@")" | while read -r name; do
        if is_ours "$name" || names_in generations/0/origin 5 | grep -qxF -- "$name"; then echo "$name"; fi
    done
}

lend() { # N: what it has released is read through it while links lead there, so that no instant lacks it
    [ -n "$(released_by "$1")" ] || return 0
    : >"$STATE/generations/$1/lent"
    for name in $(released_by "$1"); do
        if [ -f "$STATE/generations/0/etc/$name" ]; then
            cp -- "$STATE/generations/0/etc/$name" "$STATE/generations/$1/etc/$name"
        fi
    done
    seal "$STATE/generations/$1"
    describe_anew "$1"
}

give_back() { # KIND MODE OWNER GROUP NAME TARGET, a line of generation 0's origin: a link becomes what it was before confgen
    is_name "$5" || refuse PUSH-09 "generation 0 was altered on the host: $5"
    is_ours "$5" || return 0 # somebody has put another one there: it is theirs
    rm -f "$STATE/entry.new" # a link that was left there would be written through
    if [ "$1" = link ]; then
        ln -sfn -- "$6" "$STATE/entry.new"
        [ "$3" = - ] || chown -h "$3:$4" "$STATE/entry.new" # older ones did not say whose a link was
    else
        cp -- "$STATE/generations/0/etc/$5" "$STATE/entry.new"
        chown "$3:$4" "$STATE/entry.new"
        chmod "$2" "$STATE/entry.new"
    fi
    mv -T "$STATE/entry.new" "$ETC/$5"
}

settle() { # N: what it has released is the user's again, and nothing of it stays here
    [ "$1" = 0 ] && return 0
    close_zero
    released=$(released_by "$1")
    if [ -n "$released" ]; then
        while read -r kind mode owner group name target; do
            printf '%s\n' "$released" | grep -qxF -- "$name" || continue
            give_back "$kind" "$mode" "$owner" "$group" "$name" "$target"
        done <"$STATE/generations/0/origin"
        flush
        open_zero
        for gone in $released; do forget_kept "$gone"; done
        seal_zero
    fi
    for folder in "$STATE"/generations/*/; do
        generation=$(basename "$folder")
        [ -f "$folder/lent" ] || continue
        for name in $(names_of "$generation" | grep -vxF -- "$(managed_by "$generation")"); do rm -f "$folder/etc/$name"; done
        describe_anew "$generation"
        rm -f "$folder/lent"
    done
}

save() { # N: root's own copy
    mkdir -p "$STATE/store"
    tar -cf "$STATE/store/$1.tar.new" -C "$STATE/generations" "$1"
    mv -T "$STATE/store/$1.tar.new" "$STATE/store/$1.tar"
}

remember() { # for when Asterisk does not run, as after an undo that is called for
    printf 'service %s\nconfiguration %s\nuser %s\nlog %s\n' "$SERVICE" "$ETC" "$(name_of_user)" "$LOG" >"$STATE/found.new"
    mv -T "$STATE/found.new" "$STATE/found"
}

# What arrives is read by tar as Asterisk's user, each wanted member by its name into a file that root has made: whatever
# else an archive may hold (links, devices, paths that lead elsewhere) never comes to be.
receive() { # FOLDER NAME…: the archive on stdin
    folder=$1
    shift
    incoming="$STATE/incoming.tar"
    head -c "$((ARCHIVE_LIMIT + 1))" >"$incoming"
    [ "$(stat -c %s "$incoming")" -le "$ARCHIVE_LIMIT" ] || refuse PUSH-37 "what arrived is larger than $ARCHIVE_LIMIT bytes"
    as_asterisk tar -tf - <"$incoming" >"$folder/members" 2>/dev/null || refuse PUSH-37 'what arrived is no archive'
    [ -z "$(sort "$folder/members" | uniq -d)" ] || refuse PUSH-37 'a file arrived twice'
    while read -r member; do
        name=${member#*/}
        case $member in
        etc/*) is_among "$name" "$@" || member='' ;;
        keys/*) is_key "$name" || member='' ;;
        copies) ;;
        *) member='' ;;
        esac
        [ -n "$member" ] || refuse PUSH-37 "what arrived holds more than the files of this push: $name"
        as_asterisk tar -xOf - -- "$member" <"$incoming" | head -c "$ARCHIVE_LIMIT" >"$folder/$member"
    done <"$folder/members"
    rm -f "$incoming" "$folder/members"
}

is_among() { # NAME NAME…
    sought=$1
    shift
    for one in "$@"; do [ "$one" = "$sought" ] && return 0; done
    return 1
}

is_key() { # NAME: half a digest, then what it is
    case ${1#*.} in crt | key | authority.crt | provider.crt) ;; *) return 1 ;; esac
    case ${1%%.*} in *[!0-9a-f]*) return 1 ;; esac
    [ "$(printf '%s' "${1%%.*}" | wc -c)" = 32 ]
}

keep_keys() { # FOLDER: those that arrived, and those that lie on the host itself
    for file in "$1"/keys/*; do
        [ -f "$file" ] || continue
        name=${file##*/}
        case $(sha256sum <"$file") in "${name%%.*}"*) ;; *) refuse PUSH-08 "$name did not arrive whole" ;; esac
        give_key "$file" "$1"
    done
    [ ! -f "$1/copies" ] || while read -r digest path; do
        judge_file "$path" key
        [ -z "$WRONG" ] || refuse "${WRONG%% *}" "${WRONG#* }"
        name=$(printf '%s' "$digest" | cut -c 1-32).key
        is_key "$name" || refuse PUSH-02 "not a digest: $digest"
        head -c "$KEY_LIMIT" <"$path" >"$1/keys/$name"
        [ "$(sha256sum <"$1/keys/$name" | cut -d' ' -f1)" = "$digest" ] || refuse CERT-15 "$path was changed just now"
        echo "$name" >>"$1/keys.of_host"
        give_key "$1/keys/$name" "$1"
    done <"$1/copies"
    rm -f "$1/copies"
    rmdir "$1/keys"
}

give_key() { # FILE FOLDER: a key becomes the generation's
    chown "root:$GROUP_ID" "$1"
    chmod 0640 "$1"
    echo "${1##*/}" >>"$2/keys.list"
    mv -T "$1" "$STATE/keys/${1##*/}"
}

forget_staged() { # where staging came to no end
    rm -f "$STATE/incoming.tar"
    [ -z "$fresh" ] || rm -rf "$fresh"
    [ -n "$(current)" ] || forget_all
}

forget_all() {
    rm -rf "$STATE"
    rmdir /etc/confgen 2>/dev/null || true # not where root has agreed to a deputy
}

verb_stage() { # NAME…: all managed names; a tar of etc/…, keys/… and copies is on stdin
    need_managed "$@"
    locked
    find_asterisk
    fresh=''
    trap forget_staged EXIT
    [ -d /run/systemd/system ] || refuse PUSH-06 'systemd does not run here; confgen restarts Asterisk through it'
    mkdir -p "$STATE/generations" "$STATE/keys" "$STATE/store"
    [ "$(stat -c %d "$STATE")" = "$(stat -c %d "$ETC")" ] || refuse PUSH-07 "$STATE and $ETC are on different file systems, so nothing can be renamed between them"
    chmod 0755 /etc/confgen
    chown "root:$GROUP_ID" "$STATE" "$STATE/generations" "$STATE/keys"
    chmod 0750 "$STATE" "$STATE/generations" "$STATE/keys"
    remember
    [ -f "$STATE/fingerprint.key" ] || {
        head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$STATE/fingerprint.key.new"
        mv -T "$STATE/fingerprint.key.new" "$STATE/fingerprint.key"
    }
    next=$(($(newest) + 1)) # not the number of what another push has staged, lest that one switches to this
    if [ -n "$(current)" ]; then
        close_zero
        keep_late "$@"
    else
        rm -rf "$STATE"/generations/[0-9]* "$STATE/under_way"
        keep_present "$@"
    fi
    previous=$(last_kept)
    for folder in "$STATE"/generations/*/; do # what a push that was cut off left
        name=$(basename "$folder")
        case $name in "$(current)" | "$previous") continue ;; esac
        [ -f "$folder/confirmed" ] || rm -rf "$folder" "$STATE/store/$name.tar"
    done
    fresh="$STATE/generations/$next"
    rm -rf "$fresh"
    mkdir -p "$fresh/etc" "$fresh/keys"
    receive "$fresh" "$@"
    keep_keys "$fresh"
    printf '%s\n' "$@" >"$fresh/names"
    seal "$fresh"
    describe "$fresh" >"$fresh/manifest"
    chown "root:$GROUP_ID" "$fresh/manifest"
    chmod 0640 "$fresh/manifest"
    save "$next"
    flush
    trap - EXIT
    echo "staged $next $previous"
}

is_intact() { # N: whether its files are as they were written
    [ "$(describe "$STATE/generations/$1")" = "$(cat "$STATE/generations/$1/manifest")" ]
}

verb_stage_kept() { # N
    locked
    need_generation "$1"
    [ -f "$STATE/generations/$1/confirmed" ] || refuse PUSH-03 "generation $1 was never confirmed"
    [ -n "$(current)" ] || refuse PUSH-03 'no generation is active on this host'
    find_asterisk
    close_zero
    is_intact "$1" || refuse PUSH-09 "generation $1 was altered on the host since it was written"
    # shellcheck disable=SC2046 # names have no blanks
    keep_late $({ managed_by "$(current)" && managed_by "$1"; } | sort -u)
    echo "staged $1 $(last_kept)"
}

verb_discard() { # N: what was staged and never switched to
    locked
    need_number "$1"
    [ "$IS_DEPUTY" = no ] || find_asterisk
    if [ "$(current)" != "$1" ] && ! [ -f "$STATE/generations/$1/confirmed" ]; then # one that was kept stays kept
        rm -rf "$STATE/generations/$1" "$STATE/store/$1.tar"
        forget_keys
    fi
    [ -n "$(current)$(newest)" ] || forget_all
    echo discarded
}

forget_keys() { # those that no generation names
    for file in "$STATE"/keys/*; do
        [ -f "$file" ] || continue
        name=$(basename "$file")
        cat "$STATE"/generations/*/keys.list 2>/dev/null | grep -qxF -- "$name" || rm -f "$file"
    done
}

point() { # N: the flip; each file gets a time of its own, for a file of equal size and time is not read again
    for file in "$STATE/generations/$1"/etc/*; do [ -f "$file" ] && touch -c "$file"; done || true
    flush
    ln -sfn "generations/$1" "$STATE/current.new"
    mv -T "$STATE/current.new" "$STATE/current"
    flush
}

link_name() { # NAME: Asterisk's name becomes a link through `current`
    is_ours "$1" && return 0
    ln -sfn "$STATE/current/etc/$1" "$STATE/link.new"
    mv -T "$STATE/link.new" "$ETC/$1"
}

names_of() { (cd "$STATE/generations/$1/etc" && for file in *; do [ -f "$file" ] && echo "$file"; done); }

verb_switch() { # N PREVIOUS: the one to go back to, as it was told when N was staged
    locked
    find_asterisk
    need_generation "$1"
    is_intact "$1" || refuse PUSH-09 "generation $1 was altered on the host since it was written"
    [ "$(last_kept)" = "$2" ] || refuse PUSH-10 "generation $(last_kept) is the one to go back to now, not $2"
    go_back_to "$2"
    if [ -z "$(current)" ]; then point 0; fi
    lend "$(current)"
    lend "$1"
    # links first: until the flip they lead to what was there, or nowhere, which equals an absent file
    for name in $(managed_by "$(current)") $(managed_by "$1"); do link_name "$name"; done
    point "$1"
    echo "switched $1"
}

sizes_of_logs() { for file in messages messages.log; do echo "$file $(stat -c %s "$LOG/$file" 2>/dev/null || echo 0)"; done; }

new_lines() { # what was logged since sizes_of_logs
    while read -r file size; do
        [ -f "$LOG/$file" ] || continue
        as_asterisk tail -c "+$((size + 1))" -- "$LOG/$file" 2>/dev/null | grep -E '(WARNING|ERROR)\[' || true
    done
}

restart() { # FAILED says whether it came to no good end
    unit=$SERVICE.service
    systemctl reset-failed "$unit" 2>/dev/null || true
    stop_begun=$(date +%s)
    timeout "$STOPPED_WITHIN" systemctl stop "$unit" || {
        systemctl kill --signal=KILL "$unit" 2>/dev/null || true
        timeout "$STOPPED_WITHIN" systemctl stop "$unit" || true
    }
    systemctl reset-failed "$unit" 2>/dev/null || true
    timeout "$STARTED_WITHIN" systemctl start "$unit" || { FAILED=yes && echo "complaint systemctl start $SERVICE failed"; }
    while [ $(($(date +%s) - stop_begun)) -lt "$STARTED_WITHIN" ]; do
        meet_process
        case $(cli 'core waitfullybooted') in *'fully booted'*) return 0 ;; esac
        sleep 0.05
    done
    FAILED=yes
    echo 'complaint Asterisk was not fully booted in time'
}

verb_activate() { # restart | reload MODULE…
    locked
    find_asterisk
    how=$1 FAILED=no
    shift
    before=$(sizes_of_logs)
    if [ "$how" = restart ]; then
        restart
    else
        for module in "$@"; do
            is_name "$module" || refuse PUSH-02 "not a module: $module"
            case $module in
            dialplan) answer=$(cli 'dialplan reload') ;;
            logger) answer=$(cli 'logger reload') ;;
            *) answer=$(cli "module reload $module") ;;
            esac
            [ -n "$answer" ] || { FAILED=yes && echo "complaint Asterisk did not answer to the reload of $module"; }
        done
        sleep 0.1 # a reload answers before its last log lines are written
    fi
    # an undo ends here: Asterisk runs again what it ran before
    [ "$FAILED" = yes ] || [ "$(last_kept)" != "$(current)" ] || rm -f "$STATE/under_way"
    # what was there before confgen is not judged by what confgen's own files do not say, and a set of other names not
    # either: whether a file is the user's or not there at all decides which modules find something to read
    if [ "$(current)" != 0 ] && [ -f "$STATE/complaints.$how" ] &&
        cmp -s "$STATE/complaints.names" "$STATE/generations/$(current)/names"; then
        echo baseline
        sed 's/^/old /' "$STATE/complaints.$how"
    fi
    printf '%s\n' "$before" | new_lines >"$STATE/complaints.$how.new"
    sed 's/^/new /' "$STATE/complaints.$how.new"
    echo "activated $how"
}

keep_complaints() { # N: what the generation that stays logged is what the next one of the same names is judged by
    if ! cmp -s "$STATE/complaints.names" "$STATE/generations/$1/names"; then
        rm -f "$STATE/complaints.restart" "$STATE/complaints.reload" "$STATE/complaints.names"
        [ ! -f "$STATE/generations/$1/names" ] || cp -- "$STATE/generations/$1/names" "$STATE/complaints.names"
    fi
    for how in restart reload; do
        [ -f "$STATE/complaints.$how.new" ] && mv -T "$STATE/complaints.$how.new" "$STATE/complaints.$how"
    done
    true
}

verb_confirm() { # N
    locked
    find_asterisk
    [ "$(current)" = "$1" ] || refuse PUSH-10 "generation $1 is not the active one"
    keep_complaints "$1"
    : >"$STATE/generations/$1/confirmed"
    go_back_to "$1" # from here on; cut off before its end, this is done again by the next push
    settle "$1"
    [ "$1" = 0 ] || drop_dangling # of generation 0 they are given back first
    kept | grep -vx -e 0 -e "$1" | sort -rn | tail -n +10 | while read -r old; do
        rm -rf "$STATE/generations/$old" "$STATE/store/$old.tar"
    done
    forget_keys
    rm -f "$STATE/under_way"
    flush
    echo "confirmed $1"
}

drop_dangling() { # links to names that the active generation lacks
    for link in "$ETC"/*; do
        if [ -L "$link" ] && [ ! -e "$link" ] && is_ours "$(basename "$link")"; then rm -f "$link"; fi
    done
}

verb_undo() { # N PREVIOUS: flips back; what it goes back to is made whole first
    locked
    need_number "$2"
    find_asterisk
    if [ -z "$(current)" ] && [ "$2" = 0 ]; then # it was undone before, and what was there is given back
        echo 'undone 0'
        return 0
    fi
    [ -f "$STATE/store/$2.tar" ] || need_generation "$2"
    active=$(current) # none where generation 0 has been given back
    case ${active:-0} in "$1" | "$2") ;; *) refuse PUSH-10 "generation ${active:-0} is the active one, not $1" ;; esac
    rm -f "$STATE"/complaints.*.new
    close_zero
    make_whole "$2"
    go_back_to "$2"
    lend "$2"
    for name in $(managed_by "$2"); do link_name "$name"; done
    point "$2"
    if [ "$2" != 0 ]; then
        settle "$2"
        drop_dangling
    fi
    echo "undone $2"
}

make_whole() { # N: what is not as it was written comes from root's own copy
    if [ -f "$STATE/generations/$1/manifest" ] && is_intact "$1"; then return 0; fi
    rm -rf "$STATE/restored"
    mkdir "$STATE/restored"
    tar -xf "$STATE/store/$1.tar" -C "$STATE/restored"
    : >"$STATE/restored/$1/confirmed" # the copy is older than that; what is gone back to was confirmed
    rm -rf "$STATE/generations/$1"
    mv -T "$STATE/restored/$1" "$STATE/generations/$1"
    rmdir "$STATE/restored"
}

verb_release() { # links become what they were before confgen: names, contents, owners and modes
    locked
    find_asterisk
    if [ -z "$(current)" ]; then # it was done before
        echo released
        return 0
    fi
    [ "$(current)" = 0 ] || refuse PUSH-10 'generation 0 is not the active one'
    while read -r kind mode owner group name target; do
        give_back "$kind" "$mode" "$owner" "$group" "$name" "$target"
    done <"$STATE/generations/0/origin"
    drop_dangling
    rm -f "$STATE/current"
    flush
    echo released
}

# --- certificates that lie on the host ------------------------------------------------------------------------------------

judge_file() { # PATH KIND: WRONG says why root must not copy it, with a code; empty where it may
    WRONG=''
    if ! is_path "$1"; then
        WRONG="CERT-13 $1 is no absolute path"
    elif [ "$IS_DEPUTY" = yes ] && ! grep -qxF -- "on_host $1" "$AGREED"; then
        WRONG="PUSH-36 root has not agreed to the use of $1"
    elif ! [ -f "$1" ]; then
        WRONG="CERT-13 there is no file $1 on the host"
    elif ! only_root_leads "$1"; then
        WRONG="CERT-14 others than root can write $1, or lead elsewhere on the way to it"
    elif [ "$(stat -Lc %s "$1")" -gt "$KEY_LIMIT" ]; then
        WRONG="CERT-13 $1 is larger than $KEY_LIMIT bytes"
    elif [ "$2" = key ]; then
        grep -q 'PRIVATE KEY-----' "$1" || WRONG="CERT-13 $1 holds no private key in PEM"
    elif grep -q 'PRIVATE KEY' "$1"; then
        WRONG="CERT-14 $1 holds a private key beside certificates: it would be shown to every caller"
    elif ! grep -q 'BEGIN CERTIFICATE-----' "$1"; then
        WRONG="CERT-13 $1 holds no certificate in PEM"
    fi
}

verb_on_host() { # key|chain|authority… PATH …: digests; of certificates the text too; of a key only what is public
    [ "$IS_DEPUTY" = no ] || find_asterisk
    while [ $# -ge 2 ]; do
        judge_file "$2" "$1"
        if [ -n "$WRONG" ]; then
            echo "wrong $1 $WRONG"
        else
            echo "digest $1 $(sha256sum <"$2" | cut -d' ' -f1)"
            if [ "$1" = key ]; then echo "public $1 $(public_part "$2")"; else echo "text $1 $(base64 -w 0 <"$2")"; fi
        fi
        shift 2
    done
}

public_part() { # KEY: SHA-256 of its public part, to see whether it fits the certificate
    command -v openssl >/dev/null || { echo unknown && return 0; }
    if openssl pkey -in "$1" -passin pass: -noout >/dev/null 2>&1; then
        openssl pkey -in "$1" -passin pass: -pubout -outform DER 2>/dev/null | sha256sum | cut -d' ' -f1
    else
        echo unusable
    fi
}

verb_agree() { # PATH…: root lets a deputy configure the Asterisk that is found, with these certificates of the host
    [ "$IS_DEPUTY" = no ] || refuse PUSH-36 'only root agrees'
    rm -f "$AGREED" # what was agreed to before is not what is found now
    find_asterisk
    [ -n "$PID" ] || refuse PUSH-11 "the service $SERVICE does not run: start it, so that root sees what it agrees to"
    [ "$USER_ID" != 0 ] || refuse PUSH-33 'Asterisk runs as root, so whoever may configure it is root'
    mkdir -p "$(dirname "$AGREED")"
    chmod 0755 "$(dirname "$AGREED")"
    {
        printf 'service %s\nconfiguration %s\nuser %s\nlog %s\n' "$SERVICE" "$ETC" "$(name_of_user)" "$LOG"
        for path in "$@"; do printf 'on_host %s\n' "$path"; done
    } >"$AGREED.new"
    chmod 0644 "$AGREED.new"
    mv -T "$AGREED.new" "$AGREED"
    cat "$AGREED"
}

# --- what is asked ------------------------------------------------------------------------------------------------------

is_path() { case $1 in *[[:cntrl:]]*) return 1 ;; /*) ;; *) return 1 ;; esac; }

while [ $# -ge 2 ]; do
    case $1 in
    --service) case $2 in '' | [!A-Za-z0-9]* | *[!A-Za-z0-9_.@:-]*) refuse PUSH-02 "not a service: $2" ;; *) GIVEN_SERVICE=$2 ;; esac ;;
    --user) if is_name "$2"; then GIVEN_USER=$2; else refuse PUSH-02 "not a user: $2"; fi ;;
    --binary) if is_path "$2"; then GIVEN_BINARY=$2; else refuse PUSH-02 "not a path: $2"; fi ;;
    --configuration) if is_path "$2"; then GIVEN_CONFIGURATION=$2; else refuse PUSH-02 "not a path: $2"; fi ;;
    --script) GIVEN_SCRIPT=$2 ;;
    *) break ;;
    esac
    shift 2
done
verb=${1:-}
[ $# -gt 0 ] && shift
case $verb in
read | own | generation) # a tar, streamed
    need_root
    "verb_$verb" "$@"
    ;;
observe | on_host | state | leg | provider | agree | stage | stage_kept | discard | switch | activate | confirm | undo | release)
    need_root
    answer=$(mktemp /run/confgen-answer.XXXXXX)
    set +e # a subshell to the left of || would not stop at its first failure
    (
        set -e
        "verb_$verb" "$@"
    ) >"$answer"
    status=$?
    cat "$answer" || true
    rm -f "$answer"
    exit "$status"
    ;;
*)
    echo "confgen-asterisk: unknown verb '$verb'" >&2
    exit 2
    ;;
esac
