# --- what Asterisk tells ----------------------------------------------------------------------------------------------

# Perl, where it is, asks them all in one process, by the socket by which Asterisk's program itself asks.
# shellcheck disable=SC2016 # it is Perl that expands it
CONSOLE='
    use strict;
    use IO::Socket::UNIX;
    my ($socket, $beginning, @ends) = @ARGV;
    $| = 1;
    for my $end (@ends) {
        my $console = IO::Socket::UNIX->new(Peer => $socket) or exit 1;
        my ($told, $more);
        sysread($console, $told, 4096) or exit 1; # who it is
        syswrite($console, "cli quit after $beginning$end\0") or exit 1;
        print "=== $beginning$end\n";
        print $told while $more = sysread $console, $told, 65536;
        defined $more or exit 1; # half an answer would pass for a whole one
    }
'
# Else four ask at a time, each every fourth question.
# shellcheck disable=SC2016 # it is the shell of Asterisk's user that expands it
ASKER='
    asker=$1 beginning=$2 turn=0
    shift 2
    for end in "$@"; do
        turn=$(((turn + 1) % 4))
        [ "$turn" = "$asker" ] || continue
        echo "=== $beginning$end"
        "$BINARY" ${OPTIONS_FILE:+-C "$OPTIONS_FILE"} -rx "$beginning$end" 2>/dev/null </dev/null || true
    done
'
ITS_VALUES='s/^ \([a-z0-9_]*\) *: / \1 : /p' # of what is shown of an object
ITS_LINES='/^=== /!p'

ask_each() { # FILTER BEGINNING END…: questions that begin alike, with their answers; FILTER is sed's, of the answers
    filter=$1
    shift
    { ask_by_perl "$@" || ask_by_program "$@"; } | sed -n -e '/^=== /p' -e "$filter"
}

ask_by_perl() { # all of the answers, or none
    socket="$(setting 'Run.Sockets directory')/asterisk.ctl"
    [ -S "$socket" ] && command -v perl >/dev/null || return 1
    answers=$(mktemp /run/confgen-answers.XXXXXX) asked=yes
    timeout -k 1 $((10 + $# / 20)) setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --init-groups -- \
        perl -e "$CONSOLE" "$socket" "$@" >"$answers" 2>/dev/null </dev/null 9>&- || asked=no
    [ "$asked" = no ] || cat "$answers"
    rm -f "$answers"
    [ "$asked" = yes ]
}

ask_by_program() {
    answers=$(mktemp -d /run/confgen-answers.XXXXXX) askers=''
    for asker in 0 1 2 3; do
        timeout -k 1 $((10 + $# / 20)) setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --init-groups -- \
            env BINARY="$BINARY" OPTIONS_FILE="$OPTIONS_FILE" sh -c "$ASKER" ask "$asker" "$@" >"$answers/$asker" 9>&- &
        askers="$askers $!"
    done
    # shellcheck disable=SC2086 # numbers
    wait $askers || true
    cat "$answers"/*
    rm -rf "$answers"
}

verb_state() { # ENDPOINT…: those to show
    need_names "$@"
    find_asterisk
    printf '=== process\nrunning %s\nuser %s\n' "$([ -n "$PID" ] && echo yes || echo no)" "$(name_of_user)"
    printf '=== files\n'
    active=$(current)
    [ -z "$active" ] || digests_of_files "$STATE/generations/$active/manifest"
    [ -n "$active" ] && [ -f "$STATE/generations/$active/keys.list" ] && while read -r name; do
        printf 'keys/%s %s %s\n' "$name" "${name%%.*}" "$(sha256sum <"$STATE/keys/$name" 2>/dev/null | cut -c1-32)"
    done <"$STATE/generations/$active/keys.list"
    printf '=== logged\n'
    logged_since_activation
    [ -n "$SETTINGS" ] || return 0 # a console that does not answer is not asked again
    printf '=== calls before\n'
    cli 'core show channels count'
    sleep 0.2 & # a call that has just ended may hold its sockets a moment longer than its channel
    moment=$!
    transports=$(cli 'pjsip show transports') users=$(cli 'manager show users')
    printf '=== pjsip show transports\n%s\n=== manager show users\n%s\n' "$transports" "$users"
    printf '=== contacts\n'
    contacts
    ask_each "$ITS_VALUES" 'pjsip show endpoint ' "$@"
    set -- 'core show version' 'pjsip list endpoints' 'pjsip list aors' 'module show' 'pjsip show settings' \
        'rtp show settings' 'manager show settings' 'http show status' 'logger show channels' 'dialplan show'
    for transport in $(printf '%s\n' "$transports" | sed -n 's/^Transport:  *\([^ <]*\) .*/\1/p'); do
        set -- "$@" "pjsip show transport $transport"
    done
    for user in $(printf '%s\n' "$users" | sed '1,/^--------$/d;/^-----/,$d'); do
        ! is_name "$user" || set -- "$@" "manager show user $user"
    done
    printf '=== %s\n' "$@" # what gets no answer in time is told without one
    ask_each "$ITS_LINES" '' "$@"
    wait "$moment" || true
    for table in tcp tcp6 udp udp6; do
        printf '=== /proc/net/%s\n' "$table"
        cat "/proc/net/$table" 2>/dev/null || true
    done
    printf '=== sockets\n'
    # what is read here are targets of links, never names of files
    # shellcheck disable=SC2012
    [ -n "$PID" ] && ls -l "/proc/$PID/fd" 2>/dev/null | sed -n 's/.*socket:\[\([0-9]*\)\].*/\1/p'
    printf '=== calls after\n'
    cli 'core show channels count'
}

kept_in() { cli 'dialplan show globals' | sed -n "s/^ *$1=//p" | head -n 1; } # VARIABLE

pause() { # between two looks, which `turn` counts: short at first, for most come soon; then no more than ten a second
    if [ "$turn" -lt 30 ]; then sleep 0.03; else sleep 0.1; fi
    turn=$((turn + 1))
}

# A call that proves a leg: whoever is called, the dialplan leaves in VARIABLE what it saw.
prove_by_call() { # TRUNK VARIABLE TRANSPORT CONTEXT TURNS ORIGINATE
    printf '=== dialplan\n'
    cli "dialplan show $1@$4"
    printf '=== transport\n'
    cli "pjsip show transport $3" | grep -E '^ *(method|verify_server) *:' || true
    cli "dialplan set global $2 none" >/dev/null
    cli "pjsip qualify $1" >/dev/null # a far end that was away when last asked is called again only after this
    turn=0
    while [ "$turn" -lt 50 ] && ! contact "$1" | grep -qw Avail; do pause; done
    [ -n "$(contact "$1")" ] || return 0 # nobody is there to be called
    printf '=== now\n%s\n=== originate\n' "$(date +%s)"
    cli "channel originate $6"
    turn=0
    while seen=$(kept_in "$2") && [ "${seen:-none}" = none ] && [ "$turn" -lt "$5" ]; do pause; done
    printf '=== seen\n%s\n=== qualify\n' "${seen:-none}"
    contact "$1"
}

verb_leg() { # TRUNK NUMBER VARIABLE TRANSPORT: a call through a trunk to the peer's echo number
    for word in "$@"; do is_name "$word" || refuse PUSH-02 "not a name: $word"; done
    meet_asterisk
    prove_by_call "$1" "$3" "$4" confgen-leg 70 "PJSIP/$2@$1 extension $1@confgen-leg"
}

verb_heard() { # TRUNK VARIABLE: what the echo number kept of the newest call by a trunk
    for word in "$@"; do is_name "$word" || refuse PUSH-02 "not a name: $word"; done
    meet_asterisk
    printf '=== now\n%s\n=== heard\n' "$(date +%s)"
    kept_in "$2"
}

verb_test_call() { # TRUNK VARIABLE TRANSPORT: a call to the number that the dialplan has for it; costs money
    for word in "$@"; do is_name "$word" || refuse PUSH-02 "not a name: $word"; done
    meet_asterisk
    prove_by_call "$1" "$2" "$3" confgen-test 270 "Local/$1@confgen-test/n application Wait 1"
}

registration_end() { # TRUNK: when the registration in force ends, in seconds since the epoch
    left=$(cli 'pjsip show registrations' | grep -F " $1/" | sed -n 's/.* Registered .*(exp\. \([0-9]*\)s).*/\1/p')
    [ -z "$left" ] || echo $(($(date +%s) + left))
}

contact() { cli 'pjsip show contacts' | grep -F " $1/" || true; } # TRUNK

verb_provider() { # TRUNK TRANSPORT yes|no: registers, if it does, and asks for options anew; makes no call
    for word in "$@"; do is_name "$word" || refuse PUSH-02 "not a name: $word"; done
    find_asterisk
    authority=$(cli "pjsip show transport $2" | sed -n 's/^ ca_list_file *: *//p')
    case $authority in "$STATE"/keys/*.crt) is_name "${authority##*/}" || authority= ;; *) authority= ;; esac
    client=$(cli "pjsip show registration $1" | sed -n 's/^ client_uri *: *//p')
    before=$(sizes_of_logs)
    was=$(contact "$1")
    ended=$(registration_end "$1")
    registered=$3 answered=no turn=0
    [ "$3" = no ] || registered=pending
    # A provider that answers options is given as long as a REGISTER takes to time out: one that was sent over a connection
    # that broke holds up the next for 6.4 seconds (RFC 3261, timer F, as long as we render timer B).
    while [ "$turn" -lt 16 ] || { [ "$turn" -lt 40 ] && [ "$answered" = yes ]; }; do
        case $turn in 0 | 4 | 20 | 30) # seldom: who is asked too often bars us
            [ "$registered" != pending ] || cli "pjsip send register $1" >/dev/null
            [ "$answered" = yes ] || cli "pjsip qualify $1" >/dev/null
            ;;
        esac
        sleep 0.5
        turn=$((turn + 1))
        # an answer of just now is told from an earlier one: a registration by its later end, options by their round trip
        if [ "$registered" = pending ] && [ "$(registration_end "$1")" -gt "${ended:-0}" ] 2>/dev/null; then registered=yes; fi
        case $(contact "$1") in "$was") ;; *' Avail '*) answered=yes ;; esac
        [ "$registered" = pending ] || [ "$answered" = no ] || break
        log=$(printf '%s\n' "$before" | new_lines | grep -F "registration attempt to '$client'" || true)
        case $log in
        *"'"[0-9][0-9][0-9]"'"*' on registration'*) break ;;                         # it said no
        *'No response received'*) [ "$turn" -lt 8 ] || [ "$answered" = yes ] || break ;; # nobody is there
        esac
    done
    printf '=== registered\n%s\n=== answered\n%s\n' "$registered" "$answered"
    printf '=== registration\n'
    cli 'pjsip show registrations' | grep -F " $1/" || true
    printf '=== contact\n'
    contact "$1"
    printf '=== log\n'
    printf '%s\n' "$before" | new_lines
    printf '=== authority\n'
    [ -z "$authority" ] || as_asterisk cat -- "$authority" 2>/dev/null || true
}
