# --- what was there before confgen ------------------------------------------------------------------------------------

describe_files() { # FILE…, all of them by one program each; in the names that confgen manages is nothing to be escaped
    [ $# != 0 ] || return 0
    digests=$(sha256sum -- "$@")
    stat -c '%a %U:%G %n' -- "$@" | while read -r described; do
        read -r digest _ <&3
        printf '%s %s\n' "$digest" "$described"
    done 3<<END
$digests
END
}

describe() { # FOLDER: the manifest of a generation's files
    (cd "$1/etc" && set -- && for file in *; do [ ! -f "$file" ] || set -- "$@" "$file"; done && describe_files "$@")
}

seal() { # FOLDER: files as Asterisk may read them and only root may write them
    chown -R "root:$GROUP_ID" "$1"
    find "$1" -type d -exec chmod 0750 {} +
    find "$1" -type f -exec chmod 0640 {} +
}

keep() { # NAME: what stands under a name goes to generation 0, read as Asterisk's user
    zero="$STATE/generations/0"
    if [ -L "$ETC/$1" ]; then
        target=$(readlink "$ETC/$1")
        case $target in '' | *[![:print:]]* | ' '* | *' ') refuse PUSH-05 "$ETC/$1 is a link with a strange target" ;; esac
        [ ! -e "$ETC/$1" ] || has_end "$1" || refuse PUSH-05 "$ETC/$1 is a link that leads to no file"
        printf 'link - %s %s %s\n' "$(stat -c '%u %g' "$ETC/$1")" "$1" "$target" >>"$zero/origin"
    elif [ -f "$ETC/$1" ]; then
        mode=$(stat -c %a "$ETC/$1")
        # given back with other content, such a bit would give away its owner's rights
        case $mode in ????*) refuse PUSH-05 "$ETC/$1 has the mode $mode, which is a program's" ;; esac
        # what is given back is a new file of that content, owner and mode
        case $(ls -ld -- "$ETC/$1") in ??????????+*) refuse PUSH-05 "$ETC/$1 has an access list (ACL)" ;; esac
        [ "$(stat -c %h "$ETC/$1")" = 1 ] || refuse PUSH-05 "$ETC/$1 has a second name (a hard link)"
        printf 'file %s %s %s\n' "$mode" "$(stat -c '%u %g' "$ETC/$1")" "$1" >>"$zero/origin"
    elif [ -e "$ETC/$1" ]; then
        refuse PUSH-05 "$ETC/$1 is neither a file nor a link"
    else
        return 0
    fi
    if ! as_asterisk cat -- "$ETC/$1" >"$zero/etc/$1" 2>/dev/null; then
        [ -L "$ETC/$1" ] || refuse PUSH-05 "$ETC/$1 cannot be read by Asterisk's user $(name_of_user)"
        rm -f "$zero/etc/$1" # a link that leads nowhere equals an absent file
    fi
}

open_zero() { : >"$STATE/generations/0/open"; } # it differs from its manifest until it is sealed again

seal_zero() {
    seal "$STATE/generations/0"
    describe "$STATE/generations/0" >"$STATE/generations/0/manifest"
    : >"$STATE/generations/0/confirmed"
    save 0
    rm -f "$STATE/generations/0/open"
}

close_zero() { [ ! -f "$STATE/generations/0/open" ] || seal_zero; } # what was cut off: a name that it half knows is the user's

keep_present() { # NAME…: generation 0 is what is there
    rm -rf "$STATE/generations/0"
    mkdir -p "$STATE/generations/0/etc"
    : >"$STATE/generations/0/origin"
    for name in "$@"; do keep "$name"; done
    seal_zero
}

keep_late() { # NAME…: what came under a managed name since it was last managed is kept too, before it is taken over
    active=$(current)
    for name in "$@"; do
        is_ours "$name" && continue
        [ -L "$ETC/$name" ] || [ -e "$ETC/$name" ] || continue
        if managed_by "$active" | grep -qxF -- "$name"; then
            names_in "generations/$active/manifest" 4 | grep -qxF -- "$name" && continue # changed by hand, not new
            names_in generations/0/origin 5 | grep -qxF -- "$name" && refuse PUSH-18 "$ETC/$name is there again, and generation 0 keeps an earlier one of that name"
        fi
        open_zero
        forget_kept "$name" # left by a push that took it over and did not get to its end
        keep "$name"
        seal_zero
    done
}

forget_kept() { # NAME: generation 0 holds it no longer
    rm -f "$STATE/generations/0/etc/$1"
    while read -r kind mode owner group known target; do
        [ "$known" = "$1" ] || printf '%s %s %s %s %s%s\n' "$kind" "$mode" "$owner" "$group" "$known" "${target:+ $target}"
    done <"$STATE/generations/0/origin" >"$STATE/generations/0/origin.new"
    durably "$STATE/generations/0/origin"
}

names_in() { cut -d' ' -f"$2" <"$STATE/$1"; } # FILE FIELD

managed_by() { # N: the names that a generation manages; one that was written without a list of them manages all it knows
    [ "$1" = 0 ] && return 0
    if [ -f "$STATE/generations/$1/names" ]; then
        cat "$STATE/generations/$1/names"
    else
        {
            names_in "generations/$1/manifest" 4
            names_in generations/0/origin 5
        } | sort -u
    fi
}

released_by() { # N: names that generation 0 holds and N does not manage
    [ "$1" = 0 ] || names_in generations/0/origin 5 | grep -vxF -- "$(managed_by "$1")" || true
}

describe_anew() { # N: after names were lent to it, or taken off it again
    describe "$STATE/generations/$1" >"$STATE/manifest.new"
    chown "root:$GROUP_ID" "$STATE/manifest.new"
    chmod 0640 "$STATE/manifest.new"
    mv -T "$STATE/manifest.new" "$STATE/generations/$1/manifest"
    save "$1"
}

released_by_names() { # N NAME…: what N manages and these names do not, where it is there or generation 0 holds it
    generation=$1
    shift
    managed_by "$generation" | grep -vxF -- "$(printf '%s\n' "$@")" | while read -r name; do
        if is_ours "$name" || names_in generations/0/origin 5 | grep -qxF -- "$name"; then echo "$name"; fi
    done
}

lend() { # N: what it has released is read through it while links lead there, so that no instant lacks it
    [ -n "$(released_by "$1")" ] || return 0
    : >"$STATE/generations/$1/lent"
    for name in $(released_by "$1"); do
        if [ -f "$STATE/generations/0/etc/$name" ]; then
            cp -- "$STATE/generations/0/etc/$name" "$STATE/generations/$1/etc/$name"
        fi
    done
    seal "$STATE/generations/$1"
    describe_anew "$1"
}

give_back() { # KIND MODE OWNER GROUP NAME TARGET, a line of generation 0's origin: a link becomes what it was before confgen
    is_name "$5" || refuse PUSH-09 "generation 0 was altered on the host: $5"
    is_ours "$5" || return 0 # somebody has put another one there: it is theirs
    rm -f "$STATE/entry.new" # a link that was left there would be written through
    if [ "$1" = link ]; then
        ln -sfn -- "$6" "$STATE/entry.new"
        [ "$3" = - ] || chown -h "$3:$4" "$STATE/entry.new" # older ones did not say whose a link was
    else
        cp -- "$STATE/generations/0/etc/$5" "$STATE/entry.new"
        chown "$3:$4" "$STATE/entry.new"
        chmod "$2" "$STATE/entry.new"
    fi
    mv -T "$STATE/entry.new" "$ETC/$5"
}

settle() { # N: what it has released is the user's again, and nothing of it stays here
    [ "$1" = 0 ] && return 0
    close_zero
    released=$(released_by "$1")
    if [ -n "$released" ]; then
        while read -r kind mode owner group name target; do
            printf '%s\n' "$released" | grep -qxF -- "$name" || continue
            give_back "$kind" "$mode" "$owner" "$group" "$name" "$target"
        done <"$STATE/generations/0/origin"
        flush
        open_zero
        for gone in $released; do forget_kept "$gone"; done
        seal_zero
    fi
    for folder in "$STATE"/generations/*/; do
        folder=${folder%/} generation=${folder##*/}
        [ -f "$folder/lent" ] || continue
        for name in $(names_of "$generation" | grep -vxF -- "$(managed_by "$generation")"); do rm -f "$folder/etc/$name"; done
        describe_anew "$generation"
        rm -f "$folder/lent"
    done
}

save() { # N: root's own copy
    mkdir -p "$STATE/store"
    tar -cf "$STATE/store/$1.tar.new" -C "$STATE/generations" "$1"
    durably "$STATE/store/$1.tar"
}

remember() { # for when Asterisk does not run, as after an undo that is called for
    printf 'service %s\nconfiguration %s\nuser %s\nlog %s\nbinary %s\n' "$SERVICE" "$ETC" "$(name_of_user)" "$LOG" "${BINARY:-unknown}" >"$STATE/found.new"
    mv -T "$STATE/found.new" "$STATE/found"
}
