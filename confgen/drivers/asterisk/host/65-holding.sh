# --- keeping others away ------------------------------------------------------------------------------------------------

locked() { # one verb at a time, whoever calls it; the timer and the hook wait for as long as it takes
    exec 9>"$LOCK"
    flock -w "${1:-5}" 9 || refuse PUSH-04 'another confgen is at work on this host'
    BOUNDED=$ANSWERED_WITHIN
}

uptime() { # seconds; no clock that somebody sets counts here
    read -r since_boot _ </proc/uptime
    echo "${since_boot%%.*}"
}

lease() { sed -n "/^$1 /{s///p;q;}" "$LEASE" 2>/dev/null || true; } # push | owner | seconds | until

lease_left() { # seconds, none where it has ended; a lease that an earlier boot left is gone with /run
    until=$(lease until)
    left=$((${until:-0} - $(uptime)))
    [ "$left" -gt 0 ] && echo "$left" || echo 0
}

write_lease() { # PUSH OWNER SECONDS
    printf 'push %s\nowner %s\nseconds %s\nuntil %s\n' "$1" "$2" "$3" "$(($(uptime) + $3))" >"$LEASE.new"
    mv -T "$LEASE.new" "$LEASE"
}

held() { # a verb of a push goes on only while that push has the PBX, and gives it as long again
    locked
    [ -n "$GIVEN_PUSH" ] || refuse PUSH-02 'which push is it?'
    [ "$(lease push)" = "$GIVEN_PUSH" ] || refuse PUSH-39 "this push does not hold the PBX any more: $(holder)"
    write_lease "$GIVEN_PUSH" "$(lease owner)" "$(lease seconds)"
}

holder() { # in words
    if [ -n "$(lease push)" ]; then echo "$(lease owner) does"; else echo 'nobody does'; fi
}

is_push() { case $1 in *[!0-9a-f]*) return 1 ;; ????????????????) ;; *) return 1 ;; esac; }

verb_lock() { # PUSH OWNER SECONDS
    is_push "$1" || refuse PUSH-02 "not a push: $1"
    case $2 in '' | *[!A-Za-z0-9@._-]*) refuse PUSH-02 "not an owner: $2" ;; esac
    need_seconds "$3"
    locked
    [ "$IS_DEPUTY" = no ] || find_asterisk
    if is_overdue || is_cut_off; then # neither timer nor hook came to it, or to its end
        find_remembered
        undo_by_host 'not confirmed in time, and found so by the next push'
    fi
    [ ! -f "$STATE/armed" ] ||
        refuse PUSH-39 "$(armed owner) has switched this PBX and not confirmed it yet; what is not confirmed in $(armed_left) s is undone"
    [ -n "$(armed push)" ] || rm -f "$HOOK" # a power cut may have left it, enabled by nothing
    if [ -n "$(lease push)" ] && [ "$(lease push)" != "$1" ]; then
        left=$(lease_left)
        [ "$left" = 0 ] || refuse PUSH-39 "$(lease owner) is at work on this PBX, and holds it for $left s more unless that push goes on"
        echo "taken_over $(lease push) $(lease owner)"
    fi
    write_lease "$1" "$2" "$3"
    echo locked
}

verb_unlock() { # PUSH
    locked
    [ "$(lease push)" != "$1" ] || rm -f "$LEASE"
    echo unlocked
}

verb_calls() {
    held
    find_asterisk
    fact calls "$(calls_in_progress)"
}
