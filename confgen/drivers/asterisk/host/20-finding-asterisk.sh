# --- finding Asterisk ---------------------------------------------------------------------------------------------------

property() { systemctl show --property "$1" --value "$SERVICE.service" 2>/dev/null || true; }

ask_systemd() { # of the service as it is now: ASKED is its name, LOADED and MAIN are the answers
    ASKED=$SERVICE LOADED='' MAIN=0
    while read -r line; do
        case $line in LoadState=*) LOADED=${line#*=} ;; MainPID=*) MAIN=${line#*=} ;; esac
    done <<END
$(systemctl show --property LoadState,MainPID "$SERVICE.service" 2>/dev/null || true)
END
}

program_of() { # PID; an upgrade may have replaced it
    program=$(readlink "/proc/$1/exe" 2>/dev/null) || return 0
    printf '%s\n' "${program% (deleted)}"
}

is_asterisk() { # PID
    program=$(program_of "$1")
    if [ -n "$GIVEN_BINARY" ]; then [ "$program" = "$(readlink -f "$GIVEN_BINARY")" ]; else [ "${program##*/}" = asterisk ]; fi
}

services_of_asterisk() { # names of the running services whose main process is an Asterisk
    { systemctl show --property Id,MainPID '*.service' 2>/dev/null && echo; } | while read -r line; do
        case $line in
        Id=*.service) id=${line#Id=} ;;
        MainPID=*) pid=${line#MainPID=} ;;
        '')
            if [ "${pid:-0}" != 0 ] && [ -n "${id:-}" ] && is_asterisk "$pid"; then echo "${id%.service}"; fi
            id='' pid=0
            ;;
        esac
    done
}

remembered() { # WORD: what root agreed to, or what was found when a generation was last staged
    sed -n "/^$1 /{s///p;q;}" "$AGREED" "$STATE/found" 2>/dev/null || true
}

find_service() {
    SERVICE=$GIVEN_SERVICE ASKED=''
    [ "$IS_DEPUTY" = no ] || SERVICE=$(remembered service)
    if [ -z "$SERVICE" ]; then # what runs one as before need not be told from all others
        SERVICE=$(remembered service)
        if ! runs_asterisk; then SERVICE=$(services_of_asterisk); fi
        if [ "$(printf '%s' "$SERVICE" | wc -l)" != 0 ]; then
            known=$(remembered service)
            printf '%s\n' "$SERVICE" | grep -qxF -- "$known" ||
                refuse PUSH-35 "several services run an Asterisk: $(printf '%s' "$SERVICE" | tr '\n' ' ')"
            SERVICE=$known
        fi
    fi
    SERVICE=${SERVICE:-$(remembered service)}
    if [ -z "$SERVICE" ]; then
        SERVICE=asterisk
        ask_systemd
        [ "$LOADED" = loaded ] || [ -e /etc/asterisk/asterisk.conf ] || command -v asterisk >/dev/null ||
            refuse PUSH-01 'no service of this host runs an Asterisk, and there is no asterisk program'
    else
        [ "$ASKED" = "$SERVICE" ] || ask_systemd
        [ "$LOADED" = loaded ] || refuse PUSH-34 "there is no service $SERVICE on this host"
    fi
}

runs_asterisk() { # of the service: what systemd started is an Asterisk
    [ -n "$SERVICE" ] && ask_systemd && [ "${MAIN:-0}" != 0 ] && is_asterisk "$MAIN"
}

meet_process() { # of the service, if it runs
    ask_systemd
    judge_process
}

judge_process() { # that systemd told; a PID file is Asterisk's own to write, and could name root's process
    PID='' OTHER=''
    if [ "${MAIN:-0}" = 0 ] || ! [ -d "/proc/$MAIN" ]; then return 0; fi
    BINARY=$(program_of "$MAIN")
    if ! is_asterisk "$MAIN"; then
        OTHER=$BINARY
        return 0
    fi
    PID=$MAIN
    OPTIONS_FILE=$(tr '\0' '\n' <"/proc/$PID/cmdline" | sed -n -e '/^-C$/{n;p;q;}' -e 's/^-C\(.\)/\1/p' | head -n 1)
}

owner_of_process() { sed -n "s/^$1:[[:space:]]*[0-9]*[[:space:]]*\([0-9]*\).*/\1/p" "/proc/$PID/status"; } # Uid or Gid in effect

name_of_user() { id -nu "$USER_ID" 2>/dev/null || echo "$USER_ID"; }

find_user() { # numbers, for a name may be missing
    [ -z "$GIVEN_USER" ] || id -u "$GIVEN_USER" >/dev/null 2>&1 || refuse PUSH-34 "there is no user $GIVEN_USER on this host"
    said=${GIVEN_USER:-$(remembered user)}
    if [ -n "$PID" ]; then
        USER_ID=$(owner_of_process Uid)
        GROUP_ID=$(owner_of_process Gid)
        if [ -n "$GIVEN_USER" ] && [ "$(id -u "$GIVEN_USER")" != "$USER_ID" ]; then
            refuse PUSH-34 "the service $SERVICE runs as $(name_of_user), not as $GIVEN_USER"
        fi
    elif [ -n "$said" ]; then
        USER_ID=$(id -u "$said")
        GROUP_ID=$(id -g "$said")
    else
        folder=${GIVEN_CONFIGURATION:-/etc/asterisk}
        USER_ID=$(stat -c %u "$folder" 2>/dev/null || echo 65534)
        GROUP_ID=$(stat -c %g "$folder" 2>/dev/null || echo 65534)
    fi
}

setting() { # NAME, of what the console tells
    sed -n "/^ *$1: */{s///p;q;}" <<END
$SETTINGS
END
}

find_folders() {
    SETTINGS=$(cli 'core show settings')
    ETC=$(setting 'Configuration directory')
    LOG=$(setting 'Log directory')
    if [ -n "$GIVEN_CONFIGURATION" ] && [ -n "$ETC" ] && [ "$ETC" != "$GIVEN_CONFIGURATION" ]; then
        refuse PUSH-34 "the configuration folder of the Asterisk that runs is $ETC, not $GIVEN_CONFIGURATION"
    fi
    ETC=${ETC:-${GIVEN_CONFIGURATION:-$(remembered configuration)}}
    ETC=${ETC:-/etc/asterisk}
    LOG=${LOG:-$(remembered log)}
    LOG=${LOG:-/var/log/asterisk}
    case $ETC in /*) ;; *) refuse PUSH-19 "$ETC cannot be Asterisk's configuration folder" ;; esac
    [ -n "$PID" ] || [ -d "$ETC" ] ||
        refuse PUSH-11 "the service $SERVICE does not run, and $ETC is not there: start it, or write installation: {service: NAME, configuration: FOLDER}"
    # the console is Asterisk's user's own: what it says of the folder is believed only where that user could not point
    # root elsewhere with it
    if [ "$(readlink -f "$ETC")" != "$ETC" ] || ! only_root_leads "${ETC%/*}" || ! is_configuration "$ETC"; then
        refuse PUSH-19 "$ETC cannot be Asterisk's configuration folder"
    fi
}

is_configuration() { # FOLDER: it holds an asterisk.conf that is one; systemd's tmpfiles.d may have a file of that name
    [ -f "$1/asterisk.conf" ] && as_asterisk grep -qE '^[[:space:]]*\[(directories|options|files|compat)\]' "$1/asterisk.conf" 2>/dev/null
}

only_root_leads() { # PATH: nobody but root can write it, or make it lead elsewhere, links on the way included
    left=${1#/} at='' hops=0
    while :; do
        case $(stat -c '%u %A' "${at:-/}") in '0 '?????w* | '0 '????????w*) return 1 ;; '0 '*) ;; *) return 1 ;; esac
        [ -n "$left" ] || return 0
        name=${left%%/*}
        case $left in */*) left=${left#*/} ;; *) left='' ;; esac
        case $name in '' | .) continue ;; ..) at=${at%/*} && continue ;; esac
        if [ -L "$at/$name" ]; then
            hops=$((hops + 1))
            [ "$hops" -le 40 ] || return 1
            target=$(readlink "$at/$name")
            case $target in /*) at='' ;; esac
            left=${target#/}${left:+/$left}
        elif [ -e "$at/$name" ]; then
            at=$at/$name
        else
            return 1
        fi
    done
}

meet_asterisk() { # as far as its console needs it
    if [ "$IS_DEPUTY" = no ]; then find_process; else find_asterisk; fi
}

find_process() {
    find_service
    judge_process
    [ -z "$OTHER" ] || refuse PUSH-34 "the main process of the service $SERVICE is $OTHER, not ${GIVEN_BINARY:-an Asterisk}"
    find_user
    [ "$IS_DEPUTY" = no ] || hold_to_agreement
}

find_asterisk() {
    find_process
    find_folders
    [ "$IS_DEPUTY" = no ] || [ "$ETC" = "$(remembered configuration)" ] ||
        refuse PUSH-36 "root has agreed to the configuration in $(remembered configuration), not in $ETC"
}

need_root() {
    [ "$(id -u)" = 0 ] || refuse PUSH-38 "$(id -nu) is not root on this host"
    [ "$IS_DEPUTY" = no ] || [ -f "$AGREED" ] || refuse PUSH-30 'root has not run the bootstrap of this version here'
    [ -z "$GIVEN_SCRIPT" ] || [ "$GIVEN_SCRIPT" = "$(sha256sum <"$SCRIPT_PATH" | cut -d' ' -f1)" ] ||
        refuse PUSH-30 "the script on this host is of another version of confgen"
}

hold_to_agreement() { # a deputy gets to the one Asterisk that root has agreed to, and never to root
    [ "$USER_ID" != 0 ] || refuse PUSH-33 'Asterisk runs as root, so whoever may configure it is root'
    [ "$(id -u "$(remembered user)" 2>/dev/null || true)" = "$USER_ID" ] ||
        refuse PUSH-36 "root has agreed to an Asterisk of $(remembered user), not of $(name_of_user)"
    case $GIVEN_SERVICE in '' | "$SERVICE") ;; *) refuse PUSH-36 "root has agreed to the service $SERVICE, not $GIVEN_SERVICE" ;; esac
}

# What belongs to Asterisk's user is done as that user, and so is its console: neither the program nor a socket that this
# user could have replaced is ever trusted by root. setpriv asks no PAM, which runuser does every time.
# None of it gets the lock (9), which whoever has it open could hold for ever; and while the lock is held none takes longer
# than the operator waits: a pipe in the place of a file would.
as_asterisk() { ${BOUNDED:+timeout -k 1 "$BOUNDED"} setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --init-groups -- "$@" 9>&-; }

cli() { # COMMAND: what Asterisk's console answers, nothing where it does not
    [ -n "$PID" ] || return 0
    timeout -k 1 10 setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --init-groups -- \
        "$BINARY" ${OPTIONS_FILE:+-C "$OPTIONS_FILE"} -rx "$1" 2>/dev/null </dev/null 9>&- || true
}
