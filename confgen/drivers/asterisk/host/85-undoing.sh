# --- the undo that needs no link ----------------------------------------------------------------------------------------
#
# armed      from before the flip until it is confirmed: what to go back to, and how. Whoever renames it has won:
# confirmed  the operator, who has proven the new generation; then only tidying up is left
# undoing    the undo, called for by the operator, the timer or the hook; it stays where the undo came to no good end
# undone     what the host undid by itself, for the next who asks

armed() { cat "$STATE/armed" "$STATE/undoing" 2>/dev/null | sed -n "s/^$1 //p" | head -n 1; } # WORD

armed_left() {
    left=$(($(armed until) - $(uptime)))
    [ "$left" -gt 0 ] && echo "$left" || echo 0
}

this_boot() { cat /proc/sys/kernel/random/boot_id; }

is_overdue() { # armed, and neither the timer nor the hook of an earlier boot has come to it
    [ -f "$STATE/armed" ] || return 1
    [ "$(armed boot)" = "$(this_boot)" ] || return 0
    [ "$(uptime)" -gt $(($(armed until) + 5)) ]
}

durably() { # FILE, whose content stands in FILE.new: after a power cut it is there wholly, or not at all
    sync -- "$1.new"
    mv -T "$1.new" "$1"
    sync -- "$(dirname "$1")"
}

listeners() { # local ends of the TCP sockets on which Asterisk listens, in the kernel's words
    [ -n "$PID" ] || return 0
    # shellcheck disable=SC2012 # targets of links, never names of files
    inodes=" $(ls -l "/proc/$PID/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\].*/\1/p' | tr '\n' ' ')"
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ local _ state _ _ _ _ _ inode _; do
        [ "$state" = 0A ] || continue
        case $inodes in *" $inode "*) echo "$local" ;; esac
    done | sort -u
}

arm() { # N PREVIOUS SECONDS HOW…
    is_push "$GIVEN_PUSH" || refuse PUSH-02 "not a push: $GIVEN_PUSH"
    mkdir -p "$STATE/store"
    cat "$0" >"$STATE/store/undo.sh.new" # the very script that arms, whatever is installed later
    durably "$STATE/store/undo.sh"
    rm -f "$STATE/undoing"
    lay_hook
    {
        printf 'push %s\nowner %s\ngeneration %s\nprevious %s\n' "$GIVEN_PUSH" "$(lease owner)" "$1" "$2"
        printf 'boot %s\nuntil %s\nseconds %s\n' "$(this_boot)" "$(($(uptime) + $3))" "$3"
        seconds=$3
        shift 3
        printf 'how %s\n' "$*"
        listeners | sed 's/^/listener /'
    } >"$STATE/armed.new"
    durably "$STATE/armed"
    systemd-run --quiet --collect --unit="$TIMER-$GIVEN_PUSH" --on-active="$seconds" --timer-property=AccuracySec=100ms \
        /bin/sh "$STATE/store/undo.sh" expire "$GIVEN_PUSH" >/dev/null 2>&1 || {
        rm -f "$STATE/armed"
        disarm
        refuse PUSH-42 'systemd does not take the timer of the undo'
    }
}

lay_hook() { # for a power cut while armed
    cat >"$HOOK.new" <<END
# Written by confgen while a push is not confirmed; removed with its end.
[Unit]
Description=undo of a push of confgen that the power cut off
Before=$SERVICE.service
[Service]
Type=oneshot
ExecStart=/bin/sh $STATE/store/undo.sh boot
[Install]
WantedBy=multi-user.target
END
    chmod 0644 "$HOOK.new"
    durably "$HOOK"
    mkdir -p "$(dirname "$HOOK")/multi-user.target.wants"
    ln -sfn "$HOOK" "$(dirname "$HOOK")/multi-user.target.wants/${HOOK##*/}"
    sync -- "$(dirname "$HOOK")/multi-user.target.wants"
}

disarm() { # timer and hook; `armed` has been renamed before
    push=${1:-$GIVEN_PUSH}
    systemctl stop "$TIMER-$push.timer" 2>/dev/null || true
    rm -f "$(dirname "$HOOK")/multi-user.target.wants/${HOOK##*/}" "$HOOK" "$STATE/store/undo.sh"
}

go_back() { # N PREVIOUS: flips back; what it goes back to is made whole first
    if [ -z "$(current)" ] && [ "$2" = 0 ]; then return 0; fi # it was undone before, and what was there is given back
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
}

listen_again() { # what listened when the undo was armed does so again, after a moment at most
    wanted=$(armed listener)
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        meet_process
        missing=$(cat "$STATE/armed" "$STATE/undoing" 2>/dev/null | sed -n 's/^listener //p' | grep -vxF -- "$(listeners)" || true)
        [ -n "$missing" ] || return 0
        sleep 0.1
    done
    FAILED=yes
    printf '%s\n' "$missing" | while read -r local; do echo "complaint nothing listens on $local any more"; done
}

undo_all() { # N PREVIOUS HOW…: everything that an undo is; FAILED says whether it came to no good end
    if [ -f "$STATE/armed" ]; then
        mv -T "$STATE/armed" "$STATE/undoing"
        sync -- "$STATE"
    fi
    push=$(armed push) undone=$1 previous=$2 FAILED=no
    shift 2
    go_back "$undone" "$previous"
    activate "$@"
    listen_again
    if [ "$FAILED" = yes ] && [ "$1" = reload ]; then # what a reload did not mend, a restart may
        FAILED=no
        activate restart
        listen_again
    fi
    [ "$previous" != 0 ] || give_all_back
    [ "$FAILED" = no ] || return 0
    [ "$undone" -le "$previous" ] || forget_generation "$undone" # one that was kept before stays kept
    rm -f "$STATE/under_way" "$STATE/undoing"
    flush
    disarm "${push:-$GIVEN_PUSH}"
    [ -n "$(current)$(newest)" ] || forget_all
}

undo_by_host() { # REASON
    reason=$1 owner=$(armed owner) push=$(armed push) seconds=$(armed seconds)
    undone=$(armed generation) previous=$(armed previous)
    mkdir -p "$STATE"
    # shellcheck disable=SC2046 # modules have no blanks
    said=$(undo_all "$undone" "$previous" $(armed how) && echo "failed $FAILED")
    keep_record "$push" "$owner" "$reason" "$undone" "$previous" "$(printf '%s\n' "$said" | sed -n 's/^complaint /fault /p')"
    [ "$(lease push)" != "$push" ] || rm -f "$LEASE"
    printf '%s\n' "$said"
}

keep_record() { # PUSH OWNER REASON N PREVIOUS FAULTS
    mkdir -p "$(dirname "$RECORD")"
    {
        printf 'push %s\nowner %s\nreason %s\nat %s\ngeneration %s\nprevious %s\n' "$1" "$2" "$3" "$(date +%Y-%m-%dT%H:%M:%S%z)" "$4" "$5"
        [ -z "$6" ] || printf '%s\n' "$6"
    } >"$RECORD.new"
    durably "$RECORD"
}

verb_undo() { # N PREVIOUS HOW…: called for by the operator
    locked
    need_number "$1"
    need_number "$2"
    find_asterisk
    if ! [ -f "$STATE/armed" ] && is_confirmed "$1" && [ "$(current)" = "$1" ] && ! [ -f "$STATE/under_way" ]; then
        echo "was_confirmed $1"
        return 0
    fi
    undo_all "$@"
    [ -n "$GIVEN_PUSH" ] && [ "$(lease push)" = "$GIVEN_PUSH" ] && rm -f "$LEASE"
    echo "undone $2"
}

verb_expire() { # PUSH: called by the timer
    [ "$IS_DEPUTY" = no ] || refuse PUSH-02 'only the host itself lets a push expire'
    locked 86400
    if ! [ -f "$STATE/armed" ] || [ "$(armed push)" != "$1" ]; then
        echo 'confirmed or undone before'
        return 0
    fi
    find_remembered
    undo_by_host "not confirmed within $(armed seconds) s"
}

verb_boot() { # called by the hook, before Asterisk starts
    [ "$IS_DEPUTY" = no ] || refuse PUSH-02 'only the host itself boots'
    locked 86400
    if [ -f "$STATE/confirmed" ]; then
        find_remembered
        finish_confirming
        return 0
    fi
    if ! [ -f "$STATE/armed" ] && ! [ -f "$STATE/undoing" ]; then
        disarm "$(armed push)"
        return 0
    fi
    [ "$(armed boot)" != "$(this_boot)" ] || return 0 # started by hand, or Asterisk's own restart
    find_remembered
    undo_at_boot
}

undo_at_boot() { # Asterisk has still to start, and then takes what it finds
    [ ! -f "$STATE/armed" ] || mv -T "$STATE/armed" "$STATE/undoing"
    sync -- "$STATE"
    push=$(armed push) owner=$(armed owner) undone=$(armed generation) previous=$(armed previous)
    go_back "$undone" "$previous"
    [ "$previous" != 0 ] || give_all_back
    [ "$undone" -le "$previous" ] || forget_generation "$undone"
    rm -f "$STATE/under_way"
    flush
    keep_record "$push" "$owner" 'the host was started anew before it was confirmed' "$undone" "$previous" ''
    systemd-run --quiet --collect --unit="$TIMER-check" /bin/sh -c "$(cat <<'END'
. /dev/stdin
END
)" >/dev/null 2>&1 || true
    rm -f "$STATE/undoing"
    disarm "$push"
    [ -n "$(current)$(newest)" ] || forget_all
}
