# --- a new generation -------------------------------------------------------------------------------------------------

# What arrives is read by tar as Asterisk's user, each wanted member by its name into a file that root has made: whatever
# else an archive may hold (links, devices, paths that lead elsewhere) never comes to be.
receive() { # FOLDER NAME…: the archive that has arrived
    folder=$1
    shift
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
    sync -- "$1" # it may take the place of one that Asterisk reads
    mv -T "$1" "$STATE/keys/${1##*/}"
}

take_in() { # the archive on stdin, before anything is locked: where the link is gone, its end may never come
    mkdir -p "${STATE%/*}"
    chmod 0755 "${STATE%/*}"
    incoming=$(mktemp "${STATE%/*}/incoming.XXXXXX")
    timeout "$ARRIVED_WITHIN" head -c "$((ARCHIVE_LIMIT + 1))" >"$incoming" || refuse PUSH-37 'what was to arrive did not come to its end'
}

forget_staged() { # where staging came to no end
    rm -f "$incoming"
    [ -z "$fresh" ] || rm -rf "$fresh"
    [ -n "$(current)" ] || forget_all
}

forget_all() { # but what root prepared
    if [ -f "$STATE/bootstrapped" ]; then
        find "$STATE" -mindepth 1 -maxdepth 1 ! -name fingerprint.key ! -name bootstrapped -exec rm -rf -- {} +
        return 0
    fi
    rm -rf "$STATE"
    rmdir /etc/confgen 2>/dev/null || true # not where root has agreed to a deputy
}

verb_stage() { # NAME…: all managed names; a tar of etc/…, keys/… and copies is on stdin
    need_managed "$@"
    fresh='' incoming=''
    trap 'rm -f "$incoming"' EXIT
    take_in
    held
    trap forget_staged EXIT
    find_asterisk
    finish_confirming
    find "${STATE%/*}" -maxdepth 1 -name 'incoming.*' ! -path "$incoming" -delete # what was cut off
    [ -d /run/systemd/system ] || refuse PUSH-06 'systemd does not run here; confgen restarts Asterisk through it'
    mkdir -p "$STATE/generations" "$STATE/keys" "$STATE/store"
    [ "$(stat -c %d "$STATE")" = "$(stat -c %d "$ETC")" ] || refuse PUSH-07 "$STATE and $ETC are on different file systems, so nothing can be renamed between them"
    chown "root:$GROUP_ID" "$STATE" "$STATE/generations" "$STATE/keys"
    chmod 0750 "$STATE" "$STATE/generations" "$STATE/keys"
    remember
    make_fingerprint_key
    next=$(($(newest) + 1)) # not the number of what another push has staged, lest that one switches to this
    undone=$(sed -n 's/^generation //p' "$RECORD" 2>/dev/null || true) # nor of what the host undid, lest its push confirms this
    [ "${undone:-0}" -lt "$next" ] || next=$((undone + 1))
    if [ -n "$(current)" ]; then
        close_zero
        keep_late "$@"
    else
        rm -rf "$STATE"/generations/[0-9]* "$STATE/under_way"
        keep_present "$@"
    fi
    previous=$(last_kept)
    for folder in "$STATE"/generations/*/; do # what a push that was cut off left
        folder=${folder%/} name=${folder##*/}
        case $name in "$(current)" | "$previous") continue ;; esac
        [ -f "$folder/confirmed" ] || forget_generation "$name"
    done
    fresh="$STATE/generations/incoming"
    rm -rf "$fresh" "$STATE/generations/$next"
    mkdir -p "$fresh/etc" "$fresh/keys"
    receive "$fresh" "$@"
    keep_keys "$fresh"
    printf '%s\n' "$@" >"$fresh/names"
    seal "$fresh"
    describe "$fresh" >"$fresh/manifest"
    chown "root:$GROUP_ID" "$fresh/manifest"
    chmod 0640 "$fresh/manifest"
    find "$fresh" "$STATE/keys" -exec sync -- {} +
    mv -T "$fresh" "$STATE/generations/$next"
    sync -- "$STATE/generations"
    trap - EXIT
    save "$next"
    flush
    echo "staged $next $previous"
}

is_intact() { is_as_listed "$STATE/generations/$1"; } # N

is_as_listed() { # FOLDER: whether the files of a generation are as they were written
    [ "$(describe "$1")" = "$(cat "$1/manifest")" ]
}

verb_stage_kept() { # N
    held
    need_generation "$1"
    find_asterisk
    finish_confirming
    is_confirmed "$1" || refuse PUSH-03 "generation $1 was never confirmed"
    [ -n "$(current)" ] || refuse PUSH-03 'no generation is active on this host'
    close_zero
    is_intact "$1" || refuse PUSH-09 "generation $1 was altered on the host since it was written"
    # shellcheck disable=SC2046 # names have no blanks
    keep_late $({ managed_by "$(current)" && managed_by "$1"; } | sort -u)
    echo "staged $1 $(last_kept)"
}

verb_discard() { # N: what was staged and never switched to
    need_number "$1"
    [ "$IS_DEPUTY" = no ] || find_asterisk
    held
    if [ "$(current)" != "$1" ] && ! is_confirmed "$1"; then # one that was kept stays kept
        forget_generation "$1"
        forget_keys
    fi
    [ -n "$(current)$(newest)" ] || forget_all
    echo discarded
}

forget_keys() { # those that no generation names
    for file in "$STATE"/keys/*; do
        [ -f "$file" ] || continue
        name=${file##*/}
        cat "$STATE"/generations/*/keys.list 2>/dev/null | grep -qxF -- "$name" || rm -f "$file"
    done
}
