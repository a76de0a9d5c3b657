# --- certificates that lie on the host ------------------------------------------------------------------------------------

judge_file() { # PATH KIND: WRONG says why root must not copy it, with a code; empty where it may
    WRONG=''
    if ! is_path "$1"; then
        WRONG="CERT-13 $1 is no absolute path"
    elif [ "$IS_DEPUTY" = yes ] && ! grep -qxF -- "on_host $1" "$AGREED"; then
        WRONG="PUSH-36 root has not agreed to the use of $1"
    elif ! [ -f "$1" ]; then
        WRONG="CERT-13 there is no file $1 on the host"
    elif ! only_root_leads "$1"; then
        WRONG="CERT-14 others than root can write $1, or lead elsewhere on the way to it"
    elif [ "$(stat -Lc %s "$1")" -gt "$KEY_LIMIT" ]; then
        WRONG="CERT-13 $1 is larger than $KEY_LIMIT bytes"
    elif [ "$2" = key ]; then
        grep -q 'PRIVATE KEY-----' "$1" || WRONG="CERT-13 $1 holds no private key in PEM"
    elif grep -q 'PRIVATE KEY' "$1"; then
        WRONG="CERT-14 $1 holds a private key beside certificates: it would be shown to every caller"
    elif ! grep -q 'BEGIN CERTIFICATE-----' "$1"; then
        WRONG="CERT-13 $1 holds no certificate in PEM"
    fi
}

verb_on_host() { # key|chain|authority… PATH …: digests; of certificates the text too; of a key only what is public
    [ "$IS_DEPUTY" = no ] || find_asterisk
    while [ $# -ge 2 ]; do
        judge_file "$2" "$1"
        if [ -n "$WRONG" ]; then
            echo "wrong $1 $WRONG"
        else
            echo "digest $1 $(sha256sum <"$2" | cut -d' ' -f1)"
            if [ "$1" = key ]; then echo "public $1 $(public_part "$2")"; else echo "text $1 $(base64 -w 0 <"$2")"; fi
        fi
        shift 2
    done
}

public_part() { # KEY: SHA-256 of its public part, to see whether it fits the certificate
    command -v openssl >/dev/null || { echo unknown && return 0; }
    if openssl pkey -in "$1" -passin pass: -noout >/dev/null 2>&1; then
        openssl pkey -in "$1" -passin pass: -pubout -outform DER 2>/dev/null | sha256sum | cut -d' ' -f1
    else
        echo unusable
    fi
}

verb_agree() { # PATH…: root lets a deputy configure the Asterisk that is found, with these certificates of the host
    [ "$IS_DEPUTY" = no ] || refuse PUSH-36 'only root agrees'
    rm -f "$AGREED" # what was agreed to before is not what is found now
    find_asterisk
    [ -n "$PID" ] || refuse PUSH-11 "the service $SERVICE does not run: start it, so that root sees what it agrees to"
    [ "$USER_ID" != 0 ] || refuse PUSH-33 'Asterisk runs as root, so whoever may configure it is root'
    mkdir -p "$(dirname "$AGREED")"
    chmod 0755 "$(dirname "$AGREED")"
    {
        printf 'service %s\nconfiguration %s\nuser %s\nlog %s\n' "$SERVICE" "$ETC" "$(name_of_user)" "$LOG"
        for path in "$@"; do printf 'on_host %s\n' "$path"; done
    } >"$AGREED.new"
    chmod 0644 "$AGREED.new"
    mv -T "$AGREED.new" "$AGREED"
    cat "$AGREED"
}
