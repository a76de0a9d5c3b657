#!/bin/sh
# confgen's hands on an Asterisk host: fixed verbs, one answer each, given at the end.
#
# State folder (root and Asterisk's group, which may read and never write):
#   current -> generations/N      the only thing that flips; Asterisk's names are links through it
#   generations/N/etc/NAME        a complete set; generations/N/manifest tells digest, owner and mode of each
#   generations/0                 what was there before confgen
#   keys/DIGEST…                  certificates and keys, named by their content, shared by the generations
#   store/N.tar                   a copy of generation N that only root can read and write, for undo
#   fingerprint.key               the host's own key for fingerprints
#
# Asterisk's user owns the configuration folder. So root makes every entry in the state folder and renames it into place,
# and never opens a path below the configuration folder: what is foreign there is read as Asterisk's user.
set -eu
umask 077
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
trap '' HUP PIPE

STATE=/etc/confgen/asterisk
LOCK=/run/confgen-asterisk.lock
STARTED_WITHIN=30 # seconds for Asterisk to be fully booted
STOPPED_WITHIN=10 # seconds for Asterisk to stop before it is killed

refuse() { # CODE MESSAGE: nothing was done, and why
    printf 'refused %s %s\n' "$1" "$2"
    exit 3
}

cli() { timeout -k 1 10 asterisk -rx "$1" 2>/dev/null || true; }

setting() { printf '%s\n' "$SETTINGS" | sed -n "s/^ *$1: *//p" | head -n 1; }

find_asterisk() {
    command -v asterisk >/dev/null || refuse PUSH-01 'there is no asterisk program on this host'
    SETTINGS=$(cli 'core show settings')
    ETC=$(setting 'Configuration directory')
    LOG=$(setting 'Log directory')
    ETC=${ETC:-/etc/asterisk}
    LOG=${LOG:-/var/log/asterisk}
    # the console is Asterisk's user's own: what it says of the folder is believed only where that user could not point
    # root elsewhere with it
    if [ "$(readlink -f "$ETC")" != "$ETC" ] || [ "$(stat -c %U "$(dirname "$ETC")")" != root ] || ! [ -f "$ETC/asterisk.conf" ]; then
        refuse PUSH-19 "$ETC cannot be Asterisk's configuration folder"
    fi
    # systemd knows the process; a PID file is Asterisk's own to write, and could name root's process
    PID=$(systemctl show --property MainPID --value asterisk 2>/dev/null || true)
    if [ "${PID:-0}" != 0 ] && [ -d "/proc/$PID" ]; then
        RUNS_AS=$(stat -c %U "/proc/$PID")
        GROUP=$(stat -c %G "/proc/$PID")
    else
        PID=
        RUNS_AS=$(stat -c %U "$ETC")
        GROUP=$(stat -c %G "$ETC")
    fi
}

as_asterisk() { if [ "$RUNS_AS" = root ]; then "$@"; else runuser -u "$RUNS_AS" -- "$@"; fi; }

is_name() { case $1 in '' | .* | *[!A-Za-z0-9._-]*) return 1 ;; esac; }

need_names() { for name in "$@"; do is_name "$name" || refuse PUSH-02 "not a file name: $name"; done; }

need_generation() {
    case $1 in '' | *[!0-9]*) refuse PUSH-02 "not a generation: $1" ;; esac
    [ -f "$STATE/generations/$1/manifest" ] || refuse PUSH-03 "there is no generation $1 on this host"
}

current() { if [ -L "$STATE/current" ]; then basename "$(readlink "$STATE/current")"; fi; }

# only what was confirmed is kept to go back to; generation 0 is what was there
kept() { for folder in "$STATE"/generations/*/; do [ -f "$folder/confirmed" ] && basename "$folder"; done | sort -n; }

newest() { for folder in "$STATE"/generations/*/; do basename "$folder"; done | sort -n | tail -n 1; }

last_kept() { # the active generation, or where its push was cut off, the last one that was confirmed before
    active=$(current)
    if [ -f "$STATE/generations/${active:-0}/confirmed" ]; then echo "${active:-0}"; else kept | tail -n 1; fi
}

is_ours() { [ -L "$ETC/$1" ] && [ "$(readlink "$ETC/$1")" = "$STATE/current/etc/$1" ]; }

flush() { sync -f "$STATE" 2>/dev/null || sync; }

# --- looking -----------------------------------------------------------------------------------------------------------

verb_observe() { # NAME…: the managed names
    need_names "$@"
    find_asterisk
    [ -z "$PID" ] || [ -n "$SETTINGS" ] || refuse PUSH-11 'Asterisk runs, and its console does not answer'
    echo "boot $(cat /proc/sys/kernel/random/boot_id)"
    echo "running $([ -n "$PID" ] && echo yes || echo no)"
    echo "systemd $([ -d /run/systemd/system ] && echo yes || echo no)"
    echo "fact version $(cli 'core show version' | head -n 1)"
    echo "fact configuration $ETC"
    echo "fact log $LOG"
    echo "fact user $RUNS_AS"
    echo "fact calls $(cli 'core show channels count' | sed -n 's/ active calls*$//p' | head -n 1)"
    echo "script $(sha256sum <"$SCRIPT_PATH" 2>/dev/null | cut -d' ' -f1)"
    active=$(current)
    echo "current $active"
    echo "confirmed $([ -z "$active" ] || [ -f "$STATE/generations/$active/confirmed" ] && echo yes || echo no)"
    for generation in $(kept); do echo "generation $generation"; done
    [ -f "$STATE/fingerprint.key" ] && echo "key $(cat "$STATE/fingerprint.key")"
    [ -n "$active" ] && sed 's/^/manifest /' "$STATE/generations/$active/manifest"
    for name in "$@"; do
        if is_ours "$name"; then kind=ours; elif [ -L "$ETC/$name" ] || [ -e "$ETC/$name" ]; then kind=foreign; else continue; fi
        sum=$(as_asterisk sha256sum -- "$ETC/$name" 2>/dev/null | cut -d' ' -f1)
        [ "$kind" = ours ] && [ -z "$sum" ] && continue # a dangling link equals an absent file
        echo "file $name $kind ${sum:-unreadable}"
    done
    for file in "$STATE"/keys/*; do
        [ -f "$file" ] && echo "file keys/$(basename "$file") ours $(sha256sum <"$file" | cut -d' ' -f1)"
    done
    true
}

verb_read() { # NAME…: a tar of the texts, as Asterisk reads them
    need_names "$@"
    find_asterisk
    for name in "$@"; do
        if as_asterisk test -f "$ETC/$name" && as_asterisk test -r "$ETC/$name"; then echo "$name"; fi
    done | as_asterisk tar -chf - -C "$ETC" -T -
}

verb_generation() { # N: a tar of a kept generation, with the keys that it names
    need_generation "$1"
    (cd "$STATE" && {
        ls -d "generations/$1/etc"/*
        sed 's,^,keys/,' "generations/$1/keys.list" 2>/dev/null || true
    } | tar -cf - -T - --transform "s,^generations/$1/etc/,,")
}

ask() { # COMMAND: one question to Asterisk, with its answer
    printf '=== %s\n' "$1"
    cli "$1"
}

verb_state() { # ENDPOINT…: those to show
    need_names "$@"
    find_asterisk
    printf '=== process\nrunning %s\nuser %s\n' "$([ -n "$PID" ] && echo yes || echo no)" "$RUNS_AS"
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
    # that broke holds up the next for 32 seconds (RFC 3261, timer F).
    while [ "$turn" -lt 16 ] || { [ "$turn" -lt 80 ] && [ "$answered" = yes ]; }; do
        case $turn in 0 | 4 | 20 | 40 | 60) # seldom: who is asked too often bars us
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
    chown -R "root:$GROUP" "$1"
    find "$1" -type d -exec chmod 0750 {} +
    find "$1" -type f -exec chmod 0640 {} +
}

keep() { # NAME: what stands under a name goes to generation 0, read as Asterisk's user
    zero="$STATE/generations/0"
    if [ -L "$ETC/$1" ]; then
        target=$(readlink "$ETC/$1")
        case $target in '' | *[![:print:]]*) refuse PUSH-05 "$ETC/$1 is a link with a strange target" ;; esac
        printf 'link - - - %s %s\n' "$1" "$target" >>"$zero/origin"
    elif [ -f "$ETC/$1" ]; then
        printf 'file %s %s %s\n' "$(stat -c %a "$ETC/$1")" "$(stat -c '%U %G' "$ETC/$1")" "$1" >>"$zero/origin"
    elif [ -e "$ETC/$1" ]; then
        refuse PUSH-05 "$ETC/$1 is neither a file nor a link"
    else
        return 0
    fi
    if ! as_asterisk cat -- "$ETC/$1" >"$zero/etc/$1" 2>/dev/null; then
        [ -L "$ETC/$1" ] || refuse PUSH-05 "$ETC/$1 cannot be read by Asterisk's user $RUNS_AS"
        rm -f "$zero/etc/$1" # a link that leads nowhere equals an absent file
    fi
}

seal_zero() {
    seal "$STATE/generations/0"
    describe "$STATE/generations/0" >"$STATE/generations/0/manifest"
    : >"$STATE/generations/0/confirmed"
    save 0
}

keep_present() { # NAME…: generation 0 is what is there
    rm -rf "$STATE/generations/0"
    mkdir -p "$STATE/generations/0/etc"
    : >"$STATE/generations/0/origin"
    for name in "$@"; do keep "$name"; done
    seal_zero
}

keep_late() { # NAME…: what came under a managed name since the first push is kept too, before it is taken over
    active=$(current)
    for name in "$@"; do
        is_ours "$name" && continue
        [ -L "$ETC/$name" ] || [ -e "$ETC/$name" ] || continue
        names_in "generations/$active/manifest" 4 | grep -qxF -- "$name" && continue # changed by hand, not new
        if names_in generations/0/origin 5 | grep -qxF -- "$name"; then
            refuse PUSH-18 "$ETC/$name is there again, and generation 0 keeps an earlier one of that name"
        fi
        keep "$name"
        seal_zero
    done
}

names_in() { cut -d' ' -f"$2" <"$STATE/$1"; } # FILE FIELD

save() { # N: root's own copy
    mkdir -p "$STATE/store"
    tar -cf "$STATE/store/$1.tar.new" -C "$STATE/generations" "$1"
    mv -T "$STATE/store/$1.tar.new" "$STATE/store/$1.tar"
}

verb_stage() { # NAME…: all managed names; a tar of etc/… and keys/… is on stdin
    need_names "$@"
    locked
    find_asterisk
    [ -d /run/systemd/system ] || refuse PUSH-06 'systemd does not run here; confgen restarts Asterisk through it'
    mkdir -p "$STATE/generations" "$STATE/keys" "$STATE/store"
    [ "$(stat -c %d "$STATE")" = "$(stat -c %d "$ETC")" ] || refuse PUSH-07 "$STATE and $ETC are on different file systems, so nothing can be renamed between them"
    chmod 0755 /etc/confgen
    chown "root:$GROUP" "$STATE" "$STATE/generations" "$STATE/keys"
    chmod 0750 "$STATE" "$STATE/generations" "$STATE/keys"
    [ -f "$STATE/fingerprint.key" ] || {
        head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$STATE/fingerprint.key.new"
        mv -T "$STATE/fingerprint.key.new" "$STATE/fingerprint.key"
    }
    if [ -n "$(current)" ]; then
        keep_late "$@"
    else
        rm -rf "$STATE"/generations/[0-9]*
        keep_present "$@"
    fi
    for folder in "$STATE"/generations/*/; do # what a push that was cut off left
        name=$(basename "$folder")
        [ -f "$folder/confirmed" ] || [ "$name" = "$(current)" ] || rm -rf "$folder" "$STATE/store/$name.tar"
    done
    previous=$(last_kept)
    next=$(($(newest) + 1))
    fresh="$STATE/generations/$next"
    rm -rf "$fresh"
    mkdir -p "$fresh/etc" "$fresh/keys"
    tar -xf - --no-same-owner --no-same-permissions -C "$fresh"
    for file in "$fresh"/keys/*; do
        [ -f "$file" ] || continue
        name=$(basename "$file")
        is_name "$name" || refuse PUSH-02 "not a file name: $name"
        case $(sha256sum <"$file") in "${name%%.*}"*) ;; *) refuse PUSH-08 "$name did not arrive whole" ;; esac
        chown "root:$GROUP" "$file"
        chmod 0640 "$file"
        echo "$name" >>"$fresh/keys.list"
        mv -T "$file" "$STATE/keys/$name"
    done
    rmdir "$fresh/keys"
    seal "$fresh"
    describe "$fresh" >"$fresh/manifest"
    chown "root:$GROUP" "$fresh/manifest"
    chmod 0640 "$fresh/manifest"
    save "$next"
    flush
    echo "staged $next $previous"
}

is_intact() { # N: whether its files are as they were written
    [ "$(describe "$STATE/generations/$1")" = "$(cat "$STATE/generations/$1/manifest")" ]
}

verb_stage_kept() { # N
    locked
    need_generation "$1"
    [ -f "$STATE/generations/$1/confirmed" ] || refuse PUSH-03 "generation $1 was never confirmed"
    is_intact "$1" || refuse PUSH-09 "generation $1 was altered on the host since it was written"
    [ -n "$(current)" ] || refuse PUSH-03 'no generation is active on this host'
    echo "staged $1 $(last_kept)"
}

verb_discard() { # N: what was staged and never switched to
    locked
    case $1 in '' | *[!0-9]*) refuse PUSH-02 "not a generation: $1" ;; esac
    if [ -z "$(current)" ]; then
        rm -rf "$STATE"
        rmdir /etc/confgen 2>/dev/null || true
    elif [ "$(current)" != "$1" ]; then
        rm -rf "$STATE/generations/$1" "$STATE/store/$1.tar"
        forget_keys
    fi
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

verb_switch() { # N
    locked
    find_asterisk
    need_generation "$1"
    is_intact "$1" || refuse PUSH-09 "generation $1 was altered on the host since it was written"
    if [ -z "$(current)" ]; then point 0; fi
    # links first: until the flip they lead to what was there, or nowhere, which equals an absent file
    for name in $(names_of "$(current)") $(names_of "$1") $(names_in generations/0/origin 5); do link_name "$name"; done
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

restart() {
    systemctl reset-failed asterisk 2>/dev/null || true
    stop_begun=$(date +%s)
    timeout "$STOPPED_WITHIN" systemctl stop asterisk || {
        systemctl kill --signal=KILL asterisk 2>/dev/null || true
        timeout "$STOPPED_WITHIN" systemctl stop asterisk || true
    }
    systemctl reset-failed asterisk 2>/dev/null || true
    timeout "$STARTED_WITHIN" systemctl start asterisk || echo 'complaint systemctl start asterisk failed'
    while [ $(($(date +%s) - stop_begun)) -lt "$STARTED_WITHIN" ]; do
        case $(cli 'core waitfullybooted') in *'fully booted'*) return 0 ;; esac
        sleep 0.05
    done
    echo 'complaint Asterisk was not fully booted in time'
}

verb_activate() { # restart | reload MODULE…
    locked
    find_asterisk
    how=$1
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
            [ -n "$answer" ] || echo "complaint Asterisk did not answer to the reload of $module"
        done
        sleep 0.1 # a reload answers before its last log lines are written
    fi
    # what was there before confgen is not judged by what confgen's own files do not say
    if [ "$(current)" != 0 ] && [ -f "$STATE/complaints.$how" ]; then
        echo baseline
        sed 's/^/old /' "$STATE/complaints.$how"
    fi
    printf '%s\n' "$before" | new_lines >"$STATE/complaints.$how.new"
    sed 's/^/new /' "$STATE/complaints.$how.new"
    echo "activated $how"
}

keep_complaints() { # what the generation that stays logged is what the next one is judged by
    for how in restart reload; do
        [ -f "$STATE/complaints.$how.new" ] && mv -T "$STATE/complaints.$how.new" "$STATE/complaints.$how"
    done
    true
}

verb_confirm() { # N
    locked
    find_asterisk
    [ "$(current)" = "$1" ] || refuse PUSH-10 "generation $1 is not the active one"
    keep_complaints
    : >"$STATE/generations/$1/confirmed"
    for link in "$ETC"/*; do # names that this generation lacks
        name=$(basename "$link")
        [ -L "$link" ] && [ ! -e "$link" ] && is_ours "$name" && rm -f "$link"
    done
    kept | grep -vx -e 0 -e "$1" | sort -rn | tail -n +10 | while read -r old; do
        rm -rf "$STATE/generations/$old" "$STATE/store/$old.tar"
    done
    forget_keys
    flush
    echo "confirmed $1"
}

verb_undo() { # N PREVIOUS: flips back; what it goes back to is made whole first
    locked
    find_asterisk
    need_generation "$2"
    rm -f "$STATE"/complaints.*.new
    if ! is_intact "$2"; then
        rm -rf "$STATE/generations/$2.new"
        mkdir "$STATE/generations/$2.new"
        tar -xf "$STATE/store/$2.tar" -C "$STATE/generations/$2.new"
        rm -rf "$STATE/generations/$2"
        mv -T "$STATE/generations/$2.new/$2" "$STATE/generations/$2"
        rmdir "$STATE/generations/$2.new"
    fi
    for name in $(names_of "$2"); do link_name "$name"; done
    point "$2"
    echo "undone $2"
}

verb_release() { # links become what they were before confgen: names, contents, owners and modes
    locked
    find_asterisk
    [ "$(current)" = 0 ] || refuse PUSH-10 'generation 0 is not the active one'
    while read -r kind mode owner group name target; do
        is_name "$name" || refuse PUSH-09 "generation 0 was altered on the host: $name"
        if [ "$kind" = link ]; then
            ln -sfn "$target" "$STATE/entry.new"
        else
            cp -- "$STATE/generations/0/etc/$name" "$STATE/entry.new"
            chown "$owner:$group" "$STATE/entry.new"
            chmod "$mode" "$STATE/entry.new"
        fi
        mv -T "$STATE/entry.new" "$ETC/$name"
    done <"$STATE/generations/0/origin"
    for link in "$ETC"/*; do
        name=$(basename "$link")
        [ -L "$link" ] && [ ! -e "$link" ] && is_ours "$name" && rm -f "$link"
    done || true
    rm -f "$STATE/current"
    flush
    echo released
}

SCRIPT_PATH=/usr/local/lib/confgen/confgen-asterisk
verb=${1:-}
[ $# -gt 0 ] && shift
case $verb in
read | generation) "verb_$verb" "$@" ;; # a tar, streamed
observe | state | leg | provider | stage | stage_kept | discard | switch | activate | confirm | undo | release)
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
