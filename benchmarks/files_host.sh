# The hands of the benchmark's driver: VERB FOLDER WORD…, all of it below FOLDER, nothing of it root's. What the shell does
# by itself costs the host no process, so little else is called.
#
#   etc/NAME              what is read: a link through `current`, or a file that confgen did not write
#   current               a link to generations/N: what flips
#   generations/N/NAME    the documents, with .manifest (their digests, last to come) and .number
#   generations/N.confirmed  once it was proven
#   lease                 PUSH, SECONDS, UNTIL, OWNER, a line each; empty when it was given back
#   armed                 PUSH, N, PREVIOUS, UNTIL, OWNER, the timer's process: while nobody has confirmed. Whoever takes it
#                         away first, the one who confirms or the one who undoes, has won
#   undone, key           what the host undid by itself; the key for fingerprints
set -eu
umask 077
LC_ALL=C
export LC_ALL
trap '' HUP PIPE
newline='
'

refuse() {
    printf 'refused %s %s\n' "$1" "$2"
    exit 3
}

uptime() { # into now, in seconds
    read -r now _ </proc/uptime
    now=${now%%.*}
}

read_lease() { # into holder, seconds, until, owner
    holder='' seconds=0 until=0 owner=''
    [ ! -s lease ] || { read -r holder && read -r seconds && read -r until && read -r owner; } <lease || holder=''
    uptime
}

write_lease() { # PUSH OWNER SECONDS
    printf '%s\n%s\n%s\n%s\n' "$1" "$3" "$((now + $3))" "$2" >lease
}

held() { # PUSH: goes on only while that push has the host, and has it as long again
    read_lease
    [ "$holder" = "$1" ] || refuse PUSH-39 'this push does not hold the host any more'
    write_lease "$1" "$owner" "$seconds"
}

read_armed() { # FILE: into a_push, a_new, a_old, a_until, a_owner, a_timer
    a_push='' a_new='' a_old='' a_until=0 a_owner='' a_timer=''
    [ ! -f "$1" ] ||
        { read -r a_push && read -r a_new && read -r a_old && read -r a_until && read -r a_owner && read -r a_timer; } <"$1" ||
        true
}

read_current() { # into current: a number, or nothing
    current=''
    [ ! -f current/.number ] || read -r current <current/.number
    [ "$current" != 0 ] || current='' # a switch that came no further
}

point() { # N: one step, whether there was one before or not
    if [ ! -L current ]; then
        ln -sn "generations/$1" current
        return
    fi
    ln -sfn "generations/$1" current.new
    mv -T current.new current
}

go_back() { # NEW OLD: to a generation, or to what was there before confgen
    if [ "$2" != 0 ]; then
        point "$2"
        return
    fi
    while read -r _ name; do
        if [ -f "generations/0/$name" ]; then
            cp -p "generations/0/$name" etc.new
            mv -T etc.new "etc/$name"
        else
            rm -f "etc/$name"
        fi
    done <"generations/$1/.manifest"
    rm -f current
}

undo_by_host() { # REASON: of what is armed
    mv -T armed undoing 2>/dev/null || return 0
    read_armed undoing
    go_back "$a_new" "$a_old"
    printf 'push %s\nowner %s\ngeneration %s\nprevious %s\nat %s\nreason %s\n' \
        "$a_push" "$a_owner" "$a_new" "$a_old" "$(date -Iseconds)" "$1" >undone
    rm -f undoing
    sync -- .
}

verb_observe() { # NAME…; told in one write, for each would be a packet of its own
    told=''
    tell() { told="$told$*$newline"; }
    read_current
    if [ -n "$current" ]; then
        confirmed=no
        [ ! -f "generations/$current.confirmed" ] || confirmed=yes
        tell "current $current"
        tell "confirmed $confirmed"
        while read -r line; do tell "written $line"; done <current/.manifest
    fi
    for file in generations/*.confirmed; do
        [ ! -f "$file" ] || { file=${file##*/} && tell "generation ${file%.confirmed}"; }
    done
    # shellcheck disable=SC2094 # what is written goes elsewhere
    [ ! -f key ] || { read -r key <key && tell "key $key"; }
    [ ! -s lease ] || { read_lease && tell "lease $holder $((until > now ? until - now : 0)) $owner"; }
    [ ! -f undone ] || while read -r line; do tell "undone $line"; done <undone
    for name in "$@"; do
        # shellcheck disable=SC3013 # dash has it, and asks no other program
        if [ -L "etc/$name" ] && [ "etc/$name" -ef "current/$name" ]; then tell "ours $name"; fi
    done
    printf %s "$told"
    verb_digests "$@"
}

verb_digests() { # NAME…: of those that are there
    for name in "$@"; do
        shift
        [ ! -f "etc/$name" ] || set -- "$@" "etc/$name"
    done
    [ $# = 0 ] || exec sha256sum --zero -- "$@" # which writes each line out by itself, but not these
}

verb_read() { # NAME…: a tar
    exec tar -chf - -C etc -- "$@"
}

verb_kept() { # N: a tar
    exec tar -cf - --exclude './.*' -C "generations/$1" .
}

verb_lock() { # PUSH OWNER SECONDS NAME…
    take "$1" "$2" "$3"
    shift 3
    verb_observe "$@"
}

take() { # PUSH OWNER SECONDS
    [ ! -f undoing ] || mv -T undoing armed # an undo that came to no end
    if [ -f armed ]; then
        read_armed armed
        uptime
        [ "$a_until" -le "$now" ] || refuse PUSH-39 "$a_owner has switched this host and not confirmed it yet"
        undo_by_host 'not confirmed in time, and found so by the next push'
    fi
    uptime
    set -C # the file is made in one step, by one of two who try
    if write_lease "$@" 2>/dev/null; then set +C && return; fi
    set +C
    exec 9>taking
    flock -w 5 9 || refuse PUSH-04 'another confgen is at work on this host'
    read_lease
    if [ -n "$holder" ] && [ "$holder" != "$1" ]; then
        [ "$until" -le "$now" ] || refuse PUSH-39 "$owner is at work on this host, and holds it for $((until - now)) s more"
        printf 'taken_over %s %s\n' "$holder" "$owner"
    fi
    write_lease "$@"
}

verb_unlock() { # PUSH
    read_lease
    [ "$holder" != "$1" ] || : >lease
}

verb_stage() { # PUSH NAME…: a tar on stdin, .manifest its last member
    held "$1"
    shift
    read_current
    next=0
    for folder in generations/*/; do
        folder=${folder#generations/} folder=${folder%/}
        [ "$folder" != '*' ] || continue
        [ "$folder" -le "$next" ] || next=$folder
        [ "$folder" = "$current" ] || [ "$folder" = 0 ] || [ -f "generations/$folder.confirmed" ] ||
            rm -rf "generations/$folder" # of a push that came to no end
    done
    next=$((next + 1))
    if [ -z "$current" ]; then
        for name in "$@"; do
            [ ! -f "etc/$name" ] || [ -L "etc/$name" ] || { mkdir -p generations/0 && cp -p "etc/$name" generations/0/; }
        done
    fi
    tar -xf - --one-top-level="generations/$next" -- "$@" .manifest
    echo "$next" >"generations/$next/.number"
    if [ ! -f key ]; then
        key=''
        for _ in 1 2; do read -r part </proc/sys/kernel/random/uuid && key=$key$part; done
        IFS=-
        # shellcheck disable=SC2086 # to be split at the hyphens
        set -- $key
        unset IFS
        printf '%s' "$@" >key
        echo >>key
    fi
    echo "staged $next ${current:-0}"
}

verb_stage_kept() { # PUSH N
    held "$1"
    read_current
    [ -f "generations/$2.confirmed" ] || refuse PUSH-03 "generation $2 was never confirmed"
    echo "staged $2 ${current:-0}"
}

verb_discard() { # PUSH N
    held "$1"
    read_current
    [ "$current" = "$2" ] || [ -f "generations/$2.confirmed" ] || rm -rf "generations/$2"
}

verb_switch() { # PUSH N PREVIOUS SECONDS: all of it lies there for good, the undo is armed, then it flips
    held "$1"
    read_current
    [ "${current:-0}" = "$3" ] || refuse PUSH-10 "generation ${current:-0} is the one to go back to now, not $3"
    [ -f "generations/$2/.manifest" ] || refuse PUSH-08 "generation $2 did not arrive whole"
    (
        sleep "$4" &
        nap=$!
        trap 'kill "$nap"; exit' TERM
        wait "$nap"
        read_armed armed
        [ "$a_push" != "$1" ] || undo_by_host "not confirmed within $4 s"
    ) </dev/null >/dev/null 2>&1 &
    printf '%s\n' "$1" "$2" "$3" "$((now + $4))" "$owner" "$!" >armed
    sync -- armed key "generations/$2" "generations/$2"/* "generations/$2"/.[!.]* generations .
    if [ -z "$current" ] && [ -d generations/0 ]; then echo 0 >generations/0/.number && point 0; fi
    missing=''
    for file in "generations/$2"/*; do # the shell reads a file octet by octet
        [ ! -e "$file" ] || [ -L "etc/${file##*/}" ] || missing="$missing ../current/${file##*/}"
    done
    # shellcheck disable=SC2086 # names have no blanks
    [ -z "$missing" ] || ln -sf -t etc -- $missing # leads nowhere, or to what was there, until the flip
    point "$2"
    sync -- etc .
}

verb_confirm() { # PUSH N
    held "$1"
    read_armed armed
    if [ "$a_push" != "$1" ] || ! mv -T armed "generations/$2.confirmed" 2>/dev/null; then
        while read -r line; do printf 'undone %s\n' "$line"; done <undone
        return
    fi
    sync -- generations .
    kill "$a_timer" 2>/dev/null || true
    for file in generations/*.confirmed; do
        file=${file##*/} file=${file%.confirmed}
        [ "$file" -gt "$(($2 - 10))" ] || rm -rf "generations/$file" "generations/$file.confirmed"
    done
    [ ! -f undone ] || rm -f undone
    : >lease
}

verb_undo() { # PUSH N PREVIOUS
    read_armed armed
    read_current
    if [ "$a_push" = "$1" ] && mv -T armed undoing 2>/dev/null; then
        go_back "$2" "$3"
        rm -f undoing
        : >lease
        sync -- .
        kill "$a_timer" 2>/dev/null || true
    elif [ -n "$a_push" ] && [ "$a_push" != "$1" ]; then
        echo overtaken
    elif [ -f "generations/$2.confirmed" ] && [ "$current" = "$2" ]; then
        echo was_confirmed
    elif [ -f undone ]; then
        while read -r line; do printf 'undone %s\n' "$line"; done <undone
    fi
}

verb=$1 folder=$2
shift 2
case $verb in
observe | digests) [ -d "$folder" ] || exit 0 ;;
lock) [ -d "$folder/generations" ] || mkdir -p "$folder/etc" "$folder/generations" ;;
read | kept | unlock | stage | stage_kept | discard | switch | confirm | undo) ;;
*)
    echo "files-host: unknown verb '$verb'" >&2
    exit 2
    ;;
esac
cd "$folder"
"verb_$verb" "$@"
