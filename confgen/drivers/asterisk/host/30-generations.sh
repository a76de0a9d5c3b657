# --- what the state folder tells --------------------------------------------------------------------------------------

is_name() { case $1 in '' | .* | *[!A-Za-z0-9._-]*) return 1 ;; esac; }

is_managed() { # NAME: what confgen may put there; asterisk.conf says who Asterisk runs as
    case $1 in asterisk.conf) return 1 ;; *.conf | extensions.ael | extensions.lua) is_name "$1" ;; *) return 1 ;; esac
}

need_managed() { for name in "$@"; do is_managed "$name" || refuse PUSH-02 "not a file that confgen manages: $name"; done; }

need_names() { for name in "$@"; do is_name "$name" || refuse PUSH-02 "not a file name: $name"; done; }

need_number() { case $1 in '' | *[!0-9]*) refuse PUSH-02 "not a generation: $1" ;; esac; }

need_seconds() { case $1 in '' | *[!0-9]* | ??????*) refuse PUSH-02 "not a number of seconds: $1" ;; esac; }

need_generation() {
    need_number "$1"
    [ -f "$STATE/generations/$1/manifest" ] || refuse PUSH-03 "there is no generation $1 on this host"
}

current() {
    [ -L "$STATE/current" ] || return 0
    target=$(readlink "$STATE/current")
    echo "${target##*/}"
}

# only what was confirmed is kept to go back to; generation 0 is what was there
kept() {
    for folder in "$STATE"/generations/*/; do
        folder=${folder%/} name=${folder##*/}
        is_confirmed "$name" && echo "$name"
    done | sort -n
}

is_confirmed() { # N; a confirmation that was cut off counts from its first step
    [ -f "$STATE/generations/$1/confirmed" ] || [ "$(sed -n 's/^generation //p' "$STATE/confirmed" 2>/dev/null)" = "$1" ]
}

newest() { # of all; where none is active, of those that were staged only, for the others are as good as gone
    for folder in "$STATE"/generations/*/; do
        folder=${folder%/} name=${folder##*/}
        case $name in *[!0-9]*) continue ;; esac
        [ -z "$(current)" ] && is_confirmed "$name" || echo "$name"
    done | sort -n | tail -n 1
}

last_kept() { # the active generation, or where its push was cut off, the one that was active before
    if [ -n "$(current)" ] && [ -f "$STATE/under_way" ]; then
        cat "$STATE/under_way"
        return 0
    fi
    active=$(current)
    if is_confirmed "${active:-0}"; then echo "${active:-0}"; else kept | tail -n 1; fi
}

is_ours() { [ -L "$ETC/$1" ] && [ "$(readlink "$ETC/$1")" = "$STATE/current/etc/$1" ]; }

go_back_to() { # N: until further notice
    [ "$(cat "$STATE/under_way" 2>/dev/null)" != "$1" ] || return 0 # so that an undo needs no space for it
    echo "$1" >"$STATE/under_way.new"
    mv -T "$STATE/under_way.new" "$STATE/under_way"
}

has_end() { # NAME: a pipe or a device could be read for ever
    [ -f "$ETC/$1" ] || [ "$(readlink -f -- "$ETC/$1")" = /dev/null ]
}

durably() { # FILE, whose content stands in FILE.new: after a power cut it is there wholly, or as it was
    sync -- "$1.new"
    mv -T "$1.new" "$1"
    sync -- "${1%/*}"
}

flush() { sync -f "$STATE" 2>/dev/null || sync; }
