# --- the undo that needs no link ----------------------------------------------------------------------------------------
#
# armed      from before the flip until it is confirmed: what to go back to, and how. Whoever renames it has won:
# confirmed  the operator, who has proven the new generation; then only tidying up is left
# undoing    the undo, called for by the operator, the timer or the hook; it stays where the undo came to no good end
# undone     what the host undid by itself, for the next who asks

armed() { sed -n "/^$1 /{s///p;q;}" "$STATE/armed" "$STATE/undoing" 2>/dev/null || true; } # WORD

armed_left() {
    left=$(($(armed until) - $(uptime)))
    [ "$left" -gt 0 ] && echo "$left" || echo 0
}

STARTED_ANEW='the host was started anew before it was confirmed'

this_boot() { cat /proc/sys/kernel/random/boot_id; }

is_overdue() { # armed, and neither the timer nor the hook of an earlier boot has come to it
    [ -f "$STATE/armed" ] || return 1
    [ "$(armed boot)" = "$(this_boot)" ] || return 0
    [ "$(uptime)" -gt $(($(armed until) + 5)) ]
}

is_cut_off() { # an undo that came neither to a good end nor to a bad one that is recorded, and nobody is at it
    [ -f "$STATE/undoing" ] && [ "$(lease_left)" = 0 ] || return 1
    [ "$(sed -n 's/^push //p' "$RECORD" 2>/dev/null)" = "$(armed push)" ] || return 0
    ! grep -q '^fault ' "$RECORD"
}

find_remembered() { # as it was found when the generation was staged: nobody says anything on this command line
    GIVEN_SERVICE=$(remembered service) GIVEN_BINARY=$(remembered binary)
    [ -n "$GIVEN_SERVICE" ] && [ "$GIVEN_BINARY" != unknown ] || GIVEN_BINARY=''
    find_asterisk
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
    # The timer first: should this be killed, it finds nothing armed, and tidies up. One that is killed begins anew.
    systemd-run --quiet --collect --unit="$TIMER-$GIVEN_PUSH" --on-active="$3" --timer-property=AccuracySec=100ms \
        --property=Restart=on-abnormal --property=RestartSec=2 \
        /bin/sh "$STATE/store/undo.sh" expire "$GIVEN_PUSH" >/dev/null 2>&1 || {
        disarm
        refuse PUSH-42 'systemd does not take the timer of the undo'
    }
    lay_hook
    {
        printf 'push %s\nowner %s\ngeneration %s\nprevious %s\n' "$GIVEN_PUSH" "$(lease owner)" "$1" "$2"
        printf 'boot %s\nuntil %s\nseconds %s\n' "$(this_boot)" "$(($(uptime) + $3))" "$3"
        shift 3
        printf 'how %s\n' "$*"
        listeners | sed 's/^/listener /'
    } >"$STATE/armed.new"
    durably "$STATE/armed"
    rm -f "$STATE/undoing" # of an earlier push, whose undo came to no good end
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
TimeoutStartSec=$UNDONE_WITHIN
[Install]
WantedBy=multi-user.target
END
    chmod 0644 "$HOOK.new"
    durably "$HOOK"
    mkdir -p "${HOOK%/*}/multi-user.target.wants"
    ln -sfn "$HOOK" "${HOOK%/*}/multi-user.target.wants/${HOOK##*/}"
    sync -- "${HOOK%/*}/multi-user.target.wants"
}

disarm() { # hook, then timer, which tidies up where this is killed; `armed` has been renamed before
    push=${1:-$GIVEN_PUSH}
    wants=${HOOK%/*}/multi-user.target.wants
    rm -f "$wants/${HOOK##*/}" "$HOOK"
    sync -- "${HOOK%/*}" "$wants" 2>/dev/null || true # a hook without what it calls would fail at each boot
    rm -f "$STATE/store/undo.sh"
    systemctl stop "$TIMER-$push.timer" 2>/dev/null || true
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

missing_listeners() { # what listened when the undo was armed and does not any more
    cat "$STATE/armed" "$STATE/undoing" 2>/dev/null | sed -n 's/^listener //p' | grep -vxF -- "$(listeners)" || true
}

listen_again() { # a moment is given for it
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        meet_process
        missing=$(missing_listeners)
        [ -n "$missing" ] || return 0
        sleep 0.1
    done
    FAILED=yes
    printf '%s\n' "$missing" | sed 's/.*/complaint nothing listens on & any more/'
}

begin_undoing() { # from here on it is undone, whoever tries to confirm it
    [ -f "$STATE/armed" ] || return 0
    mv -T "$STATE/armed" "$STATE/undoing"
    sync -- "$STATE"
}

undo_all() { # N PREVIOUS HOW…: FAILED says whether it came to no good end; else end_undoing is all that is left to do
    begin_undoing
    undone=$1 previous=$2 FAILED=no
    shift 2
    go_back "$undone" "$previous"
    [ -z "$PID" ] || [ -n "$SETTINGS" ] || set -- restart # a console that does not answer takes no reload
    try "$@"
    if [ "$FAILED" = yes ] && [ "$1" = reload ]; then # what a reload did not mend, a restart may
        FAILED=no
        try restart
    fi
    cat "$TRIED"
    rm -f "$TRIED"
    [ "$previous" != 0 ] || give_all_back
}

try() { # HOW…: what is said of the last try counts
    {
        activate "$@"
        listen_again
    } >"$TRIED"
}

end_undoing() { # PUSH N PREVIOUS: of N, in favour of PREVIOUS
    is_confirmed "$2" || forget_generation "$2" # one that was kept before stays kept
    rm -f "$STATE/under_way"
    flush
    rm -f "$STATE/undoing"
    disarm "$1"
    [ -n "$(current)$(newest)" ] || forget_all
}

undo_by_host() { # REASON; one that comes to no good end is recorded with what stopped it, and stays to be ended
    reason=$1 owner=$(armed owner) holder=$(armed push) generation=$(armed generation) to=$(armed previous)
    how=$(armed how)
    set +e
    (
        set -e
        # shellcheck disable=SC2086 # modules have no blanks
        undo_all "$generation" "$to" $how
        [ "$FAILED" = no ]
    ) >"$SAID" 2>&1
    status=$?
    set -e
    [ "$status" != 137 ] || exit 137 # killed, not failed
    [ "$status" = 0 ] || grep -qE '^(complaint|refused) ' "$SAID" || # it stopped without a word of its own
        echo "complaint the undo came to no end: $(tail -n 1 "$SAID")" >>"$SAID"
    keep_record "$holder" "$owner" "$reason" "$generation" "$to"
    [ "$(lease push)" != "$holder" ] || rm -f "$LEASE"
    [ "$status" != 0 ] || end_undoing "$holder" "$generation" "$to"
}

keep_record() { # PUSH OWNER REASON N PREVIOUS: with what was found wrong, which stands in SAID
    rm -f "$SEEN"
    mkdir -p "${RECORD%/*}"
    {
        printf 'push %s\nowner %s\nreason %s\nat %s\n' "$1" "$2" "$3" "$(date +%Y-%m-%dT%H:%M:%S%z)"
        printf 'generation %s\nprevious %s\n' "$4" "$5"
        sed -n -e 's/^complaint /fault /p' -e 's/^refused [^ ]* /fault /p' "$SAID"
        logged=$(logged_anew | wc -l)
        [ "$logged" = 0 ] || echo "fault Asterisk logged $logged lines about its configuration that it did not log before"
    } >"$RECORD.new"
    durably "$RECORD"
    rm -f "$SAID"
}

logged_anew() { # what was logged about the configuration that is no part of the baseline, where there is one
    grep -qx baseline "$SAID" || return 0
    reads=' (res_pjsip/)?(config[a-z_]*|res_sorcery_config|loader|pbx_config|rtp_engine)\.c'
    for word in old new; do
        sed -n "s/^$word //p" "$SAID" | grep -E "$reads" | sed 's/^\[[^]]*\] //; s/\[[0-9]*\]//; s/line [0-9]*//g' >"$SAID.$word" || true
    done
    grep -vxF -f "$SAID.old" "$SAID.new" || true
    rm -f "$SAID.old" "$SAID.new"
}

is_recorded() { # that the host undid this push by itself
    [ -n "$GIVEN_PUSH" ] && [ "$(sed -n 's/^push //p' "$RECORD" 2>/dev/null)" = "$GIVEN_PUSH" ]
}

forget_faults() { # what the host could not bring to a good end by itself has come to one
    sed '/^fault /d' "$RECORD" >"$RECORD.new"
    durably "$RECORD"
}

verb_undo() { # N PREVIOUS HOW…: called for by the operator
    locked "$UNDONE_WITHIN" # the timer may be at it
    need_number "$1"
    need_number "$2"
    if [ -z "$GIVEN_PUSH$GIVEN_SERVICE$GIVEN_BINARY$GIVEN_CONFIGURATION$GIVEN_USER" ]; then find_remembered; else find_asterisk; fi
    finish_confirming
    if is_recorded && ! grep -q '^fault ' "$RECORD" && ! [ -f "$SEEN" ]; then # the host was first; asked again, it is done again
        : >"$SEEN"
        sed 's/^/undone_by_host /' "$RECORD"
        echo "undone $2"
        return 0
    fi
    if [ -f "$STATE/armed" ] && { [ "$(armed generation)" != "$1" ] || [ "$(armed push)" != "${GIVEN_PUSH:-$(armed push)}" ]; }; then
        refuse PUSH-10 'another push has switched this PBX since'
    fi
    if is_at_rest "$1"; then
        echo "was_confirmed $1"
        return 0
    fi
    push=$(armed push)
    undo_all "$@"
    if [ "$FAILED" = no ]; then
        end_undoing "${push:-$GIVEN_PUSH}" "$1" "$2"
        [ "$(sed -n 's/^generation //p' "$RECORD" 2>/dev/null)" != "$1" ] || forget_faults
    fi
    if [ -n "$GIVEN_PUSH" ] && [ "$(lease push)" = "$GIVEN_PUSH" ]; then rm -f "$LEASE"; fi
    echo "undone $2"
}

verb_expire() { # PUSH: called by the timer
    [ "$IS_DEPUTY" = no ] || refuse PUSH-02 'only the host itself lets a push expire'
    locked "$PATIENCE"
    find_remembered
    finish_confirming
    if [ "$(armed push)" != "$1" ]; then # it was confirmed, or undone before
        [ -n "$(armed push)" ] || disarm "$1"
        return 0
    fi
    undo_by_host "not confirmed within $(armed seconds) s"
}

verb_boot() { # called by the hook, before Asterisk starts
    [ "$IS_DEPUTY" = no ] || refuse PUSH-02 'only the host itself boots'
    locked "$PATIENCE"
    [ "$(armed boot)" != "$(this_boot)" ] || return 0 # called by hand
    cat "$0" >"$CHECK"
    systemd-run --quiet --collect --unit="$TIMER-check" /bin/sh "$CHECK" checked >/dev/null 2>&1 || true
    find_remembered
    finish_confirming
    if [ -f "$STATE/armed" ] || [ -f "$STATE/undoing" ]; then undo_at_boot; else disarm ''; fi
}

undo_at_boot() { # Asterisk has still to start, and then reads what it finds
    begin_undoing
    holder=$(armed push) generation=$(armed generation) to=$(armed previous) owner=$(armed owner)
    sed -n 's/^listener //p' "$STATE/undoing" >"$RECORD.listeners"
    ( # what it reads into variables stays there
        set -e
        go_back "$generation" "$to"
        [ "$to" != 0 ] || give_all_back
    )
    : >"$SAID"
    keep_record "$holder" "$owner" "$STARTED_ANEW" "$generation" "$to"
    end_undoing "$holder" "$generation" "$to"
}

verb_checked() { # what Asterisk made of it, once it has started
    [ "$IS_DEPUTY" = no ] || refuse PUSH-02 'only the host itself looks after a boot'
    locked "$PATIENCE"
    rm -f "$CHECK"
    systemctl daemon-reload # systemd has known the hook since the boot
    if [ -n "$(armed push)" ] && [ "$(armed boot)" != "$(this_boot)" ]; then # the hook did not come to its end
        find_remembered
        undo_by_host "$STARTED_ANEW"
    fi
    [ -f "$RECORD.listeners" ] || return 0
    find_remembered
    FAILED=no
    wait_until_booted "$(uptime)"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        missing=$(grep -vxF -- "$(listeners)" "$RECORD.listeners" || true)
        [ -n "$missing" ] || break
        sleep 0.1
    done
    {
        cat "$RECORD"
        [ "$FAILED" = no ] || echo 'fault Asterisk was not fully booted in time'
        [ -z "$missing" ] || printf '%s\n' "$missing" | sed 's/.*/fault nothing listens on & any more/'
    } >"$RECORD.new"
    durably "$RECORD"
    rm -f "$RECORD.listeners"
}
