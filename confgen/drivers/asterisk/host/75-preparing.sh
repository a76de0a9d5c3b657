# --- what a host has before the first push ------------------------------------------------------------------------------

make_fingerprint_key() { # once: by it the host is known, and saved plans tell what moved
    [ ! -f "$STATE/fingerprint.key" ] || return 0
    head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$STATE/fingerprint.key.new"
    [ "$(stat -c %s "$STATE/fingerprint.key.new")" = 64 ] || refuse PUSH-57 'no key for fingerprints could be made'
    mv -T "$STATE/fingerprint.key.new" "$STATE/fingerprint.key"
}

verb_prepare() { # root makes the state folder with the host's key, and no generation; a push that is undone leaves them
    [ "$IS_DEPUTY" = no ] || refuse PUSH-36 'only root prepares'
    locked
    find_asterisk
    told=there
    [ -f "$STATE/fingerprint.key" ] || told=made
    mkdir -p "$STATE"
    chmod 0755 "$(dirname "$STATE")"
    chown "root:$GROUP_ID" "$STATE"
    chmod 0750 "$STATE"
    make_fingerprint_key
    : >"$STATE/bootstrapped"
    flush
    echo "prepared $told"
}
