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
    fact calls "$(calls_in_progress)"
    [ -z "$(lease push)" ] || echo "lease $(lease push) $(lease_left) $(lease owner)"
    verb_undone
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
        [ -f "$file" ] && echo "file keys/${file##*/} ours $(sha256sum <"$file" | cut -d' ' -f1)"
    done
    contacts
}

verb_undone() { # what this host undid by itself
    [ ! -f "$RECORD" ] || sed 's/^/undone_by_host /' "$RECORD"
}

calls_in_progress() { cli 'core show channels count' | sed -n 's/ active calls*$//p' | head -n 1; }

is_settled() { # whether Asterisk runs what is active, and that was confirmed
    [ -z "$(current)" ] || { is_confirmed "$(current)" && ! [ -f "$STATE/under_way" ]; }
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
        if is_ours "$name" || ! has_end "$name"; then continue; fi
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

# follows what files include: folder and files as words; `seen` is all that can be read of it, a line each
# shellcheck disable=SC2016 # whoever reads them has a shell that expands it
FOLLOW='
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
'

own_files() { # FILE…: a tar of them, and of what they include, as Asterisk reads them
    # shellcheck disable=SC2016 # it is Asterisk's user whose shell expands it
    as_asterisk sh -c "$FOLLOW"' printf "%s" "$seen" | tar -chPf - --verbatim-files-from -T -' own "$ETC" "$@"
}

verb_own() { # FILE…: a tar of files of the user's own, and of what they include, as Asterisk reads them
    for name in "$@"; do
        case $name in '' | -* | *[!]A-Za-z0-9_/.@+*?[-]*) refuse PUSH-02 "not a file to include: $name" ;; esac
    done
    find_asterisk
    own_files "$@"
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

digests_of_files() { # MANIFEST: each name with the digest that was pushed and that of what is there; read in one go
    names=''
    while read -r _ _ _ name; do
        if has_end "$name"; then names="$names $name"; fi
    done <"$1"
    # shellcheck disable=SC2016,SC2086 # expanded by the shell of Asterisk's user; names are words
    there=$([ -z "$names" ] || as_asterisk sh -c 'cd -- "$1" && shift && exec sha256sum -- "$@"' digests "$ETC" $names 2>/dev/null || true)
    there="$LINE$there$LINE"
    while read -r digest _ _ name; do
        before=${there%%"  $name$LINE"*}
        [ "$before" != "$there" ] || before=''
        printf '%s %s %s\n' "$name" "$digest" "${before##*"$LINE"}"
    done <"$1"
}
