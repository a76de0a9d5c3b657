# --- from one generation to another -----------------------------------------------------------------------------------

point() { # N: the flip; each file gets a time of its own, for a file of equal size and time is not read again
    for file in "$STATE/generations/$1"/etc/*; do [ -f "$file" ] && touch -c "$file"; done || true
    flush
    ln -sfn "generations/$1" "$STATE/current.new"
    mv -T "$STATE/current.new" "$STATE/current"
    sync -- "$STATE"
}

link_name() { # NAME: Asterisk's name becomes a link through `current`
    is_ours "$1" && return 0
    ln -sfn "$STATE/current/etc/$1" "$STATE/link.new"
    mv -T "$STATE/link.new" "$ETC/$1"
}

names_of() { (cd "$STATE/generations/$1/etc" && for file in *; do [ -f "$file" ] && echo "$file"; done); }

verb_switch() { # N PREVIOUS SECONDS HOW…: PREVIOUS is gone back to unless N is confirmed within SECONDS
    held
    find_asterisk
    need_seconds "$3"
    need_generation "$1"
    is_intact "$1" || refuse PUSH-09 "generation $1 was altered on the host since it was written"
    [ "$(last_kept)" = "$2" ] || refuse PUSH-10 "generation $(last_kept) is the one to go back to now, not $2"
    arm "$@"
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

logged_since() { # of the sizes_of_logs on stdin
    while read -r file size; do
        [ ! -f "$LOG/$file" ] || as_asterisk tail -c "+$((size + 1))" -- "$LOG/$file" 2>/dev/null || true
    done
}

new_lines() { logged_since | grep -E '(WARNING|ERROR)\[' || true; }

# What reads files logs nothing that came from the network. Of what others log, a phone may have sent any part, line breaks
# included: from their first line on, a line that looks like a complaint need not be one.
LEVEL='^\[[^]]*\] [A-Z]+\[[0-9]+\](\[C-[0-9a-f]+\])?:? '
READERS='((res_pjsip/)?config[a-z_]*|res_sorcery_config|loader|logger|pbx_config|rtp_engine|acl|cdr|cel|indications)\.c[: ]'
# lines that end in themselves, for nothing in them is a text that a phone sends: refused handshakes and refused offers,
# as `confgen verify` causes them
WHOLE='(pjproject: [[:blank:]]*SSL (SSL_ERROR_SSL \((Handshake|Read|Write)\): Level: [0-9]+ err: <[0-9]+> <[A-Za-z0-9:_ -]*> len: [0-9]+ peer: [0-9a-fA-F.:]+|[0-9]+ \[[A-Z_]+\] \((Read|Write)\) ret: -?[0-9]+ len: [0-9]+)|res_pjsip_session\.c: +[A-Za-z0-9_.-]+: Couldn.t negotiate stream [0-9]+:audio-[0-9]+:audio:[a-z]+ \(nothing\)|sorcery\.c: Type .[a-z_-]+. is not reloadable, maintaining previous values|res_srtp\.c: Unsupported crypto parameters: [A-Z_]+|res_pjsip/pjsip_transport_events\.c: Transport .[A-Za-z0-9_-]+. to remote .[A-Za-z0-9.:-]+.( - [0-9a-fA-F.:]+)? - [A-Za-z]+)$'

told_apart() { # `new` for what is certainly Asterisk's own word, `doubtful` for the rest
    sed -nE -e '/(WARNING|ERROR)\[/{h;s/^/new /p;g;}' -e "\\!$LEVEL!!d" -e "\\!$LEVEL$READERS!d" -e "\\!$LEVEL$WHOLE!d" \
        -e ':doubtful' -e 'n' -e '/(WARNING|ERROR)\[/s/^/doubtful /p' -e 'b doubtful'
}

restart() { # FAILED says whether it came to no good end
    unit=$SERVICE.service
    systemctl reset-failed "$unit" 2>/dev/null || true
    stop_begun=$(uptime)
    timeout "$STOPPED_WITHIN" systemctl stop "$unit" || {
        systemctl kill --signal=KILL "$unit" 2>/dev/null || true
        timeout "$STOPPED_WITHIN" systemctl stop "$unit" || true
    }
    systemctl reset-failed "$unit" 2>/dev/null || true
    timeout "$STARTED_WITHIN" systemctl start "$unit" || { FAILED=yes && echo "complaint systemctl start $SERVICE failed"; }
    case $(property ActiveState) in failed | inactive) return 0 ;; esac # nothing to wait for
    wait_until_booted "$stop_begun"
    [ "$FAILED" = no ] || echo 'complaint Asterisk was not fully booted in time'
}

wait_until_booted() { # SINCE, in seconds of uptime
    while [ $(($(uptime) - $1)) -lt "$STARTED_WITHIN" ]; do
        meet_process
        case $(cli 'core waitfullybooted') in *'fully booted'*) return 0 ;; esac
        sleep 0.05
    done
    FAILED=yes
}

reload() { # MODULE…; FAILED says whether it came to no good end
    for module in "$@"; do
        is_name "$module" || refuse PUSH-02 "not a module: $module"
        case $module in
        dialplan) answer=$(cli 'dialplan reload') ;;
        logger) answer=$(cli 'logger reload') ;;
        *) answer=$(cli "module reload $module") ;;
        esac
        if [ -z "$answer" ]; then # the next would hang as well
            FAILED=yes
            echo "complaint Asterisk did not answer to the reload of $module"
            return 0
        fi
    done
    sleep 0.1 # a reload answers before its last log lines are written
}

verb_activate() { # HOW…
    held
    find_asterisk
    FAILED=no
    activate "$@"
}

activate() { # restart | reload MODULE…: makes Asterisk take what it now reads, and tells what it said
    how=$1
    shift
    before=$(sizes_of_logs)
    if [ "$how" = restart ]; then restart; else reload "$@"; fi
    # what was there before confgen is not judged by what confgen's own files do not say, and a set of other names not
    # either: whether a file is the user's or not there at all decides which modules find something to read
    if [ "$(current)" != 0 ] && [ -f "$STATE/complaints.$how" ] &&
        cmp -s "$STATE/complaints.names" "$STATE/generations/$(current)/names"; then
        echo baseline
        sed 's/^/old /' "$STATE/complaints.$how"
    fi
    logged=$(printf '%s\n' "$before" | logged_since | told_apart)
    [ -z "$logged" ] || printf '%s\n' "$logged"
    # after the undo of a first push there is no state any more
    [ ! -d "$STATE" ] || printf '%s\n' "$logged" | sed 's/^[a-z]* //' >"$STATE/complaints.$how.new"
    remember_logs
    echo "activated $how"
}

process_now() { echo "$PID $(cut -d' ' -f22 "/proc/$PID/stat" 2>/dev/null || true)"; }

remember_logs() { # what is logged from here on is no part of this push
    [ -d "$STATE" ] && [ -n "$LOG" ] || return 0
    meet_process
    {
        echo "process $(process_now)"
        for file in messages messages.log; do echo "$file $(stat -c '%s %i' "$LOG/$file" 2>/dev/null || echo 0 0)"; done
    } >"$STATE/logged.new" && mv -T "$STATE/logged.new" "$STATE/logged" || rm -f "$STATE/logged" # on a full disk
}

logged_since_activation() { # what may be about the configuration, what was so before, and whether Asterisk was started
    [ -f "$STATE/logged" ] || return 0
    grep -qxF "process $(process_now)" "$STATE/logged" || echo 'started since'
    for how in restart reload; do # of a push that is not confirmed, or of all those of these names before
        known=$STATE/complaints.$how.new
        if ! [ -f "$known" ]; then
            known=$STATE/complaints.$how
            [ -f "$known" ] && cmp -s "$STATE/complaints.names" "$STATE/generations/$(current)/names" || continue
        fi
        echo "known $how"
        sed 's/^/old /' "$known"
    done
    starts=$(sed 1d "$STATE/logged" | while read -r file size inode; do
        now=$(stat -c '%s %i' "$LOG/$file" 2>/dev/null) || continue
        [ "$inode" = "${now#* }" ] && [ "$size" -le "${now% *}" ] || size=0 # another log was begun
        echo "$file $size $((${now% *} - size))"
    done)
    printf '%s\n' "$starts" | while read -r file _ length; do [ "${length:-0}" -le "$LOG_LIMIT" ] || echo "cut $file"; done
    printf '%s\n' "$starts" | while read -r file size _; do
        [ ! -f "$LOG/$file" ] || as_asterisk tail -c "+$((size + 1))" -- "$LOG/$file" 2>/dev/null | head -c "$LOG_LIMIT"
    done | told_apart |
        grep -E "^(new|doubtful) ${LEVEL#^}($READERS|pjproject: .*Error (load|add)ing )" | head -n 100 || true
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
    locked "$UNDONE_WITHIN" # the timer may be at it
    find_asterisk
    if is_recorded; then # the timer was first
        sed 's/^/undone_by_host /' "$RECORD"
        return 0
    fi
    if [ -f "$STATE/armed" ] && [ "$(armed push)" = "$GIVEN_PUSH" ]; then
        [ "$(current)" = "$1" ] || refuse PUSH-10 "generation $1 is not the active one"
        mv -T "$STATE/armed" "$STATE/confirmed"
        sync -- "$STATE"
    fi
    finish_confirming
    is_at_rest "$1" || refuse PUSH-10 'this push has nothing to confirm'
    remember_logs # the proof has made lines of its own
    [ "$(lease push)" != "$GIVEN_PUSH" ] || rm -f "$LEASE"
    echo "confirmed $1"
}

is_at_rest() { # N: it is the active one, was confirmed, and nothing is under way
    ! [ -f "$STATE/armed" ] && ! [ -f "$STATE/under_way" ] && is_confirmed "$1" || return 1
    active=$(current) # none where generation 0 has been given back
    [ "${active:-0}" = "$1" ]
}

finish_confirming() { # what was confirmed and not tidied up, if it was cut off there
    [ -f "$STATE/confirmed" ] || return 0
    push=$(sed -n 's/^push //p' "$STATE/confirmed")
    generation=$(sed -n 's/^generation //p' "$STATE/confirmed")
    keep_complaints "$generation"
    : >"$STATE/generations/$generation/confirmed"
    go_back_to "$generation" # from here on
    settle "$generation"
    if [ "$generation" = 0 ]; then give_all_back; else drop_dangling; fi
    kept | grep -vx -e 0 -e "$generation" | sort -rn | tail -n +10 | while read -r old; do forget_generation "$old"; done
    forget_keys
    rm -f "$STATE/under_way" "$RECORD"
    flush
    rm -f "$STATE/confirmed"
    disarm "$push" # at last: until here the hook ends what a power cut leaves
}

forget_generation() { rm -rf "$STATE/generations/$1" "$STATE/store/$1.tar"; }

drop_dangling() { # links to names that the active generation lacks
    for link in "$ETC"/*; do
        if [ -L "$link" ] && [ ! -e "$link" ] && is_ours "${link##*/}"; then rm -f "$link"; fi
    done
}

make_whole() { # N: what is not as it was written comes from root's own copy
    if [ -f "$STATE/generations/$1/manifest" ] && is_intact "$1"; then return 0; fi
    rm -rf "$STATE/restored"
    mkdir "$STATE/restored"
    if ! tar -xf "$STATE/store/$1.tar" -C "$STATE/restored" 2>/dev/null || ! is_as_listed "$STATE/restored/$1"; then
        refuse PUSH-09 "generation $1 was altered on the host, and root's copy of it, $STATE/store/$1.tar, is damaged"
    fi
    : >"$STATE/restored/$1/confirmed" # the copy is older than that; what is gone back to was confirmed
    rm -rf "$STATE/generations/$1"
    mv -T "$STATE/restored/$1" "$STATE/generations/$1"
    rmdir "$STATE/restored"
}

give_all_back() { # links become what they were before confgen: names, contents, owners and modes
    [ "$(current)" = 0 ] || return 0 # it was done before
    while read -r kind mode owner group name target; do
        give_back "$kind" "$mode" "$owner" "$group" "$name" "$target"
    done <"$STATE/generations/0/origin"
    drop_dangling
    rm -f "$STATE/current"
    flush
}
