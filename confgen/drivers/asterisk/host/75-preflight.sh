# --- trying a generation apart ------------------------------------------------------------------------------------------
#
# A second Asterisk takes the generation as if it were the active one. It lives in namespaces of its own, all of which end
# with their first process, and that one ends with the verb, whoever is killed:
#   network     loopback alone, with the host's addresses, so that no packet leaves and no port is taken from anybody
#   mounts      /run and the temporary folders are file systems in memory: it finds no socket of the host's, the live
#               Asterisk's console included, and what it writes, and the keys that it gets, leave nothing behind
#   processes   nothing that it starts outlives it
# It runs as a user that nobody else is. Whatever is copied for it is read as Asterisk's user and written as that one.

BOOTED_WITHIN=$STARTED_WITHIN # seconds for the second Asterisk: what takes longer would be undone after the switch
TRIED_FILES=67108864 # bytes of all that it reads
COPIED_WITHIN=15 # seconds for all of that: a link may lead from the configuration folder to the whole host
TRIED_SPACE=134217728 # bytes of memory that it may fill with files
# what would speak to others, write for others, or take hold of devices
LEFT_OUT='res_pjsip_outbound_registration.so res_pjsip_outbound_publish.so res_pjsip_exten_state.so
res_pjsip_publish_asterisk.so cdr_*.so cel_*.so res_odbc*.so func_odbc.so res_config_odbc.so res_config_pgsql.so
res_config_mysql.so res_config_ldap.so res_config_curl.so res_config_sqlite*.so app_mysql.so res_hep*.so res_snmp.so
res_xmpp.so chan_motif.so chan_dahdi.so codec_dahdi.so res_timing_dahdi.so app_dahdi*.so app_meetme.so app_flash.so
chan_alsa.so chan_oss.so chan_console.so chan_mobile.so chan_misdn.so chan_phone.so chan_vpb.so res_smdi.so'
FILE_OPTIONS='cert_file\|priv_key_file\|ca_list_file\|dtls_cert_file\|dtls_private_key\|dtls_ca_file\|tlscertfile\|tlsprivatekey\|tlscafile'

verb_preflight() { # N
    held
    need_generation "$1"
    [ "$1" != 0 ] || refuse PUSH-02 'what was there before confgen is not tried'
    find_asterisk
    is_intact "$1" || refuse PUSH-09 "generation $1 was altered on the host since it was written"
    modules=$(setting 'Module directory') data=$(setting 'Data directory') user=$(free_user)
    lacking=$(lacking_for_trial "$modules" "$data" "$user")
    if [ -n "$lacking" ]; then
        printf '=== not done\n%s\n' "$lacking"
        return 0
    fi
    printf '=== folder\n%s\n=== names\n' "$ETC"
    managed_by "$1"
    printf '=== baseline\n'
    if cmp -s "$STATE/complaints.names" "$STATE/generations/$1/names"; then
        cat "$STATE/complaints.restart" 2>/dev/null || true
    fi
    printf '=== live applications\n'
    cli 'core show applications' | sed -n 's/^ *\([A-Za-z0-9_]*\): .*/\1/p'
    # shellcheck disable=SC2046 # addresses have no blanks
    env -u SUDO_UID setpriv --pdeathsig KILL unshare --net --mount-proc --pid --fork --kill-child=KILL -- \
        /bin/sh "$0" apart "$1" "$user" "$USER_ID" "$GROUP_ID" "$BINARY" "$ETC" "$modules" "$data" $(addresses) \
        </dev/null 9>&- || printf '=== not done\nthe second Asterisk could not be watched to its end\n'
}

addresses() { # of the host, but for those that every host has
    ip -o addr show 2>/dev/null | sed -n 's/.* inet6\{0,1\} \([0-9a-f.:]*\)[/ ].*/\1/p' | grep -v -e '^127\.' -e '^::1$' -e '^fe80:' || true
}

free_user() { # a number of those that systemd lends to services, lent to none, and nobody's
    number=65519
    while [ "$number" -gt 65000 ]; do
        if ! [ -e "/run/systemd/dynamic-uid/$number" ] && ! getent passwd "$number" >/dev/null && ! getent group "$number" >/dev/null &&
            [ -z "$(find /proc -maxdepth 1 -uid "$number" 2>/dev/null)" ]; then
            echo "$number"
            return 0
        fi
        number=$((number - 1))
    done
}

lacking_for_trial() { # MODULES DATA USER: why it cannot be tried here; nothing where it can
    if [ -z "$PID" ] || [ -z "$SETTINGS" ]; then
        echo 'Asterisk does not run, and cannot tell where its modules are'
    elif [ -z "$3" ]; then
        echo 'no user is free on this host'
    elif ! command -v unshare >/dev/null || ! unshare --help 2>&1 | grep -q -- --kill-child; then
        echo 'this host has no unshare of util-linux 2.32 or later'
    elif ! setpriv --help 2>&1 | grep -q -- --pdeathsig; then
        echo 'this host has no setpriv of util-linux 2.33 or later'
    elif ! command -v ip >/dev/null; then
        echo 'this host has no ip (of iproute2) to make a network apart'
    elif said=$(unshare --net --mount-proc --pid --fork --kill-child=KILL -- mount -n -t tmpfs tmpfs /run 2>&1 9>&-); then
        SCRATCH=$3
        if ! as_scratch test -x "$BINARY" || ! as_scratch test -r "$1/res_pjsip.so"; then
            echo "only Asterisk's own user can run $BINARY with its modules in $1"
        elif ! as_scratch test -r "$2/documentation/core-en_US.xml"; then
            echo "only Asterisk's own user can read what it needs in $2/documentation"
        fi
    else
        echo "this host lets nobody make namespaces: $(printf '%s' "${said:-no word}" | head -n 1)"
    fi
}

as_scratch() { setpriv --reuid "$SCRATCH" --regid "$SCRATCH" --clear-groups --no-new-privs -- "$@" 9>&-; }

second() { # COMMAND: what the second Asterisk's console answers; the live one's is out of reach, wherever it is asked for
    [ -S /run/run/asterisk.ctl ] || return 0
    timeout -k 1 10 setpriv --reuid "$SCRATCH" --regid "$SCRATCH" --clear-groups --no-new-privs -- \
        "$BINARY" -C /run/asterisk.conf -rx "$1" 2>/dev/null </dev/null || true
}

verb_apart() { # N USER, then what was found; the first process of the namespaces
    { [ "$IS_DEPUTY" = no ] && [ $$ = 1 ]; } || refuse PUSH-02 'this is a part of preflight'
    generation=$1 SCRATCH=$2 USER_ID=$3 GROUP_ID=$4 BINARY=$5 ETC=$6 modules=$7 data=$8
    shift 8
    # shellcheck disable=SC3045 # dash and bash have it
    ulimit -c 0 # no keys in a core file
    for folder in /run /tmp /var/tmp /dev/shm; do
        [ -L "$folder" ] || [ ! -d "$folder" ] || mount -n -t tmpfs -o "mode=0700,uid=$SCRATCH,gid=$SCRATCH,size=$TRIED_SPACE,nosuid,nodev" tmpfs "$folder"
    done
    [ -L /var/run ] || [ ! -d /var/run ] || mount -n --bind /run /var/run
    open_network "$@" || not_done 'root of this host may not bring up a loopback of its own, as in some containers'
    as_scratch mkdir -p /run/etc/.outside /run/lib/keys /run/db /run/spool /run/log /run/run /run/cache
    lay_out "$generation"
    leave_out "$modules"
    begin "$modules" "$data"
    if is_booted; then
        printf '=== booted\n'
        for question in 'pjsip list endpoints' 'pjsip list auths' 'pjsip list aors' 'pjsip list identifies' 'pjsip show transports' \
            'core show applications' 'dialplan show'; do
            printf '=== %s\n' "$question"
            second "$question"
        done
        printf '=== handshakes\n'
        handshakes
    else
        printf '=== last words\n'
        as_scratch tail -n 20 /run/log/out | cut -c 1-500
    fi
    printf '=== log\n'
    as_scratch grep -shE '(WARNING|ERROR)\[' /run/log/preflight | head -n 1000 || true
    as_scratch sh -c "$FOLLOW"' printf "%s\n" "$seen"' follow /run/etc pjsip.conf | while read -r file; do
        [ -n "$file" ] || continue
        printf '=== file %s\n' "$file"
        outline "$file"
    done
}

not_done() { # WHY
    printf '=== not done\n%s\n' "$1"
    exit 0
}

LOOPBACK='for address; do ip addr add "$address" dev lo 2>/dev/null; done
(echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start) 2>/dev/null
ip link set lo up 2>/dev/null'

open_network() { # ADDRESS…: IN_NETWORK is what leads a command there, where it is not here already
    IN_NETWORK=''
    ! sh -c "$LOOPBACK" loopback "$@" || return 0
    # root of a container may lack the right to it, and has it over what a user namespace of its own has made
    unshare --user --map-root-user --net -- sh -c "$LOOPBACK && exec sleep 3600" loopback "$@" >/dev/null 2>&1 &
    IN_NETWORK="nsenter --net=/proc/$!/ns/net --"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        case $($IN_NETWORK ip -o link show lo 2>/dev/null) in *[,\<]UP[,\>]*) return 0 ;; esac
        sleep 0.05
    done
    return 1
}

copy_own() { # a tar of the configuration folder; /run/late is there where it took too long
    # shellcheck disable=SC2016 # it is Asterisk's user whose shell expands it
    as_asterisk timeout -k 1 "$COPIED_WITHIN" sh -c 'cd "$1" && find -L . -type f -size -16384 -print0 | tar -chf - --null -T -' lay_out "$ETC" ||
        [ $? -lt 124 ] || : >/run/late
}

lay_out() { # N: what Asterisk would read with this generation, in /run/etc
    # an archive that ends between two files reads as whole
    { copy_own 2>/dev/null | head -c "$TRIED_FILES" | as_scratch tar -xf - -C /run/etc 2>/dev/null && [ ! -e /run/late ]; } ||
        not_done "$ETC could not be copied as a whole, which may have up to $TRIED_FILES bytes and take $COPIED_WITHIN s"
    given_back=$(released_by "$1")
    for name in $(managed_by "$1") $given_back; do echo "$name"; done | as_scratch sh -c 'cd /run/etc && xargs rm -f --'
    tar -cf - -C "$STATE/generations/$1/etc" . | as_scratch tar -xf - -C /run/etc
    for name in $given_back; do [ ! -f "$STATE/generations/0/etc/$name" ] || echo "$name"; done |
        tar -cf - -C "$STATE/generations/0/etc" -T - | as_scratch tar -xf - -C /run/etc
    # what lies elsewhere is read where Asterisk reads it, and found below .outside
    elsewhere=$(as_scratch grep -rhs -e '^[[:blank:]]*#[[:alpha:]]*include[[:blank:]]*["<]\{0,1\}/' -e "^[[:blank:]]*\($FILE_OPTIONS\)[[:blank:]]*=>\{0,1\}[[:blank:]]*/" /run/etc |
        sed 's/^[^/]*//; s/[[:blank:]]*;.*//; s/[">[:blank:]]*$//' | grep -x '[A-Za-z0-9_/.@+*?-]*' | sort -u) || true
    if [ -n "$elsewhere" ]; then
        # shellcheck disable=SC2086 # names have no blanks; patterns are for Asterisk's user
        (set -f && own_files $elsewhere) 2>/dev/null | head -c "$TRIED_FILES" | as_scratch tar -xf - -C /run/etc/.outside 2>/dev/null || true
        as_scratch find /run/etc -type f -exec sed -i \
            -e 's!^\([[:blank:]]*#[[:alpha:]]*include[[:blank:]]*["<]\{0,1\}\)/!\1/run/etc/.outside/!' \
            -e "s!^\([[:blank:]]*\($FILE_OPTIONS\)[[:blank:]]*=>\{0,1\}[[:blank:]]*\)/!\1/run/etc/.outside/!" {} +
    fi
}

leave_out() { # MODULES: nobody is registered with, called or asked for options, and no one else's devices are touched
    # shellcheck disable=SC2016 # the other user's shell expands it
    as_scratch sh -c "$FOLLOW"'
        printf "%s\n" "$seen" | while read -r file; do
            [ -z "$file" ] || sed -i "/^[[:blank:]]*\(contact\|qualify_frequency\)[[:blank:]]*+\{0,1\}=/d" "$file"
        done' leave_out /run/etc pjsip.conf
    # shellcheck disable=SC2016 # the other user's shell expands it
    as_scratch sh -c 'cd "$1" && for file in $2; do [ ! -f "$file" ] || echo "noload = $file"; done >/run/noload' leave_out "$1" "$LEFT_OUT"
    printf '=== left out\n' # of what is named, or would be loaded unasked
    as_scratch sh -c 'while read -r _ _ module; do
        grep -qsE -e "^[[:blank:]]*autoload[[:blank:]]*=>?[[:blank:]]*yes" \
            -e "^[[:blank:]]*(load|require|preload)[a-z-]*[[:blank:]]*=>?[[:blank:]]*${module%.so}([.]so)?[[:blank:]]*(;|\$)" /run/etc/modules.conf &&
            echo "${module%.so}"
    done </run/noload' || true
    as_scratch sed -i '/^[[:blank:]]*\[modules\]/r /run/noload' /run/etc/modules.conf 2>/dev/null || true
    printf '[general]\ndateformat=%%F %%T.%%3q\n[logfiles]\npreflight => warning,error\n' |
        as_scratch sh -c 'rm -f /run/etc/logger.conf; cat >/run/etc/logger.conf'
}

begin() { # MODULES DATA: the second Asterisk starts; its sections are real ones, for in a template nothing would count
    {
        printf '[directories]\nastetcdir => /run/etc\nastmoddir => %s\nastdatadir => %s\n' "$1" "$2"
        printf 'astvarlibdir => /run/lib\nastkeydir => /run/lib\nastdbdir => /run/db\nastagidir => /run/lib\n'
        printf 'astspooldir => /run/spool\nastrundir => /run/run\nastlogdir => /run/log\nastcachedir => /run/cache\n'
    } | as_scratch sh -c 'cat >/run/asterisk.conf'
    # shellcheck disable=SC2086 # words of a command
    $IN_NETWORK setpriv --reuid "$SCRATCH" --regid "$SCRATCH" --clear-groups --no-new-privs -- \
        sh -c 'exec "$@" >/run/log/out 2>&1' begin "$BINARY" -C /run/asterisk.conf -f -n </dev/null &
    SECOND=$!
}

is_booted() {
    begun=$(uptime)
    while [ $(($(uptime) - begun)) -le "$BOOTED_WITHIN" ] && kill -0 "$SECOND" 2>/dev/null; do
        case $(second 'core waitfullybooted') in *'fully booted'*) return 0 ;; esac
        sleep 0.02
    done
    return 1
}

handshakes() { # TRANSPORT served|other|none WORDS: whether each TLS transport shows the certificate that it is to show
    command -v openssl >/dev/null || { echo '- missing' && return 0; }
    second 'pjsip show transports' | sed -n 's/^Transport:  *\([^ <]*\) *tls .* \([^ ]*\)$/\1 \2/p' | while read -r name bind; do
        shown=$(second "pjsip show transport $name")
        file=$(printf '%s\n' "$shown" | sed -n 's/^ cert_file *: //p')
        port=${bind##*:}
        case ${bind%:*} in 0.0.0.0) address=127.0.0.1 ;; '[::]' | ::) address='[::1]' ;; *) address=${bind%:*} ;; esac
        # shellcheck disable=SC2086 # words of a command
        said=$(timeout -k 1 5 $IN_NETWORK setpriv --reuid "$SCRATCH" --regid "$SCRATCH" --clear-groups --no-new-privs -- openssl s_client -connect "$address:$port" </dev/null 2>&1 || true)
        wanted=$(as_scratch cat -- "$file" 2>/dev/null | fingerprint)
        # who is asked for a certificate of its own comes to no end without one, and has seen the PBX's all the same
        case $shown in *' require_client_cert '*': Yes'* | *' require_client_cert '*': true'*) ;; *)
            case $said in *'Cipher is (NONE)'*) said='' ;; esac
            ;;
        esac
        case $(printf '%s\n' "$said" | fingerprint) in
        '') echo "$name none" ;;
        "$wanted") echo "$name served" ;;
        *) echo "$name other" ;;
        esac
    done
}

fingerprint() { openssl x509 -noout -fingerprint -sha256 2>/dev/null || true; }

outline() { # FILE: what refers to what, and where comments over several lines begin and end, without any secret
    # shellcheck disable=SC2016 # the other user's shell expands it
    as_scratch sh -c 'cd /run/etc && cat -- "$1"' outline "$1" | sed -nE \
        -e '/^[[:blank:]]*(\[|#[[:alpha:]]*include)/{p;b;}' \
        -e '/^[[:blank:]]*(type|auth|outbound_auth|aors|transport|context|endpoint)[[:blank:]]*\+?=/{p;b;}' \
        -e '/;--([^-]|$)/{s/.*/;--/p;b;}' -e '/--;/{s/.*/--;/p;}'
}
