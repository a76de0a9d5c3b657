# --- what is asked ------------------------------------------------------------------------------------------------------

is_path() { case $1 in *[[:cntrl:]]*) return 1 ;; /*) ;; *) return 1 ;; esac; }

while [ $# -ge 2 ]; do
    case $1 in
    --service) case $2 in '' | [!A-Za-z0-9]* | *[!A-Za-z0-9_.@:-]*) refuse PUSH-02 "not a service: $2" ;; *) GIVEN_SERVICE=$2 ;; esac ;;
    --user) if is_name "$2"; then GIVEN_USER=$2; else refuse PUSH-02 "not a user: $2"; fi ;;
    --binary) if is_path "$2"; then GIVEN_BINARY=$2; else refuse PUSH-02 "not a path: $2"; fi ;;
    --configuration) if is_path "$2"; then GIVEN_CONFIGURATION=$2; else refuse PUSH-02 "not a path: $2"; fi ;;
    --script) GIVEN_SCRIPT=$2 ;;
    --push) if is_push "$2"; then GIVEN_PUSH=$2; else refuse PUSH-02 "not a push: $2"; fi ;;
    *) break ;;
    esac
    shift 2
done
verb=${1:-}
[ $# -gt 0 ] && shift
case $verb in
read | own | before | generation | written | apart) # streamed
    need_root
    "verb_$verb" "$@"
    ;;
observe | undone | on_host | state | leg | heard | test_call | provider | agree | prepare | lock | unlock | calls | stage | stage_kept | discard | \
    preflight | switch | activate | confirm | undo | expire | boot | checked)
    need_root
    answer=$(mktemp /run/confgen-answer.XXXXXX)
    exec 7>"$answer" 8<"$answer"
    rm -f "$answer" # whoever kills this leaves nothing behind
    set +e # a subshell to the left of || would not stop at its first failure
    (
        set -e
        "verb_$verb" "$@"
    ) >&7 7>&- 8<&-
    status=$?
    cat <&8 || true
    [ "$status" != 137 ] || kill -KILL $$ # as the verb was: systemd begins an undo anew that was killed
    exit "$status"
    ;;
*)
    echo "confgen-asterisk: unknown verb '$verb'" >&2
    exit 2
    ;;
esac
