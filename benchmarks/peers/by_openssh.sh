# The same work with OpenSSH alone: what is there is not looked at. AT_ONCE KEY KNOWN_HOSTS TAR, and on stdin a line
# `ADDRESS PORT USER FOLDER` for each host.
at_once=$1
shift
exec xargs -P "$at_once" -L 1 sh -c '
    exec ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityFile="$0" -o UserKnownHostsFile="$1" \
        -o StrictHostKeyChecking=yes -p "$4" "$5@$3" "mkdir -p $6/openssh && tar -xf - -C $6/openssh" <"$2"
' "$@"
