# --- what was there before confgen, for phones that are not moved yet --------------------------------------------------

verb_before() { # NAME…: a tar of what stood under these names before confgen, and of what that includes
    need_names "$@"
    active=$(current)
    if [ "${active:-0}" != 0 ]; then # generation 0 has it, where Asterisk's user may read it
        for name in "$@"; do
            set -- "$@" "$STATE/generations/0/etc/$name"
            shift
        done
    fi
    verb_own "$@"
}
