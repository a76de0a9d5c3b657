# --- from one generation to another -----------------------------------------------------------------------------------

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
