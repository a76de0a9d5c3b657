#!/bin/sh
# confgen's hands on an Asterisk host: fixed verbs, one answer each, given at the end.
#
# State folder (root and Asterisk's group, which may read and never write):
#   current -> generations/N      the only thing that flips; Asterisk's names are links through it
#   under_way                     while Asterisk may run another one than it should: the generation to go back to
#   armed, undoing, confirmed     how far the push is that switched last; see the undo that needs no link
#   generations/N/etc/NAME        a complete set; generations/N/manifest tells digest, owner and mode of each
#   generations/N/names           what it manages, present or absent; whatever else generation 0 holds is the user's again
#   generations/0                 what was there before confgen, of all that is managed now
#   keys/DIGEST…                  certificates and keys, named by their content, shared by the generations
#   store/N.tar                   a copy of generation N that only root can read and write, for undo
#   logged                        which Asterisk ran after the last activation, and how long its logs were then
#   fingerprint.key               the host's own key for fingerprints
#   bootstrapped                  there where root has prepared the host: the key outlives a first push that is undone
#
# Asterisk's user owns the configuration folder. So root makes every entry in the state folder and renames it into place,
# and never opens a path below the configuration folder: what is foreign there is read as Asterisk's user.
#
# A deputy is who runs this through sudo and is not root. By configuring Asterisk a deputy can do all that Asterisk's user
# can, and must never do more: which Asterisk, whose and where, and which certificates of the host may be copied, root has
# agreed to beforehand (verb `agree`); what a deputy says of that counts only where it says the same.
set -eu
umask 077
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
unset CDPATH ENV OPENSSL_CONF TAR_OPTIONS TMPDIR
trap '' HUP PIPE
# Through a process of its own Asterisk's user could type on the terminal where root runs this: none gets to see it.
if [ -f "$0" ] && (: </dev/tty) 2>/dev/null; then exec setsid --wait /bin/sh "$0" "$@"; fi
cd /

STATE=/etc/confgen/asterisk
AGREED=/etc/confgen/asterisk.agreed
SCRIPT_PATH=/usr/local/lib/confgen/confgen-asterisk
LOCK=/run/confgen-asterisk.lock
LEASE=/run/confgen-asterisk.lease      # which push has this PBX, and how long
RECORD=/etc/confgen/asterisk.undone    # what the host undid by itself
HOOK=/etc/systemd/system/confgen-undo-asterisk.service
TIMER=confgen-undo-asterisk
CHECK=/run/confgen-asterisk.check      # this script, for as long as it looks after a boot
SAID=/run/confgen-asterisk.said
TRIED=/run/confgen-asterisk.tried       # what the last try of an undo said
SEEN=/run/confgen-asterisk.seen         # its push has heard of the record
PATIENCE=86400                         # seconds: timer and hook wait for a verb to end
STARTED_WITHIN=30 # seconds for Asterisk to be fully booted
STOPPED_WITHIN=10 # seconds for Asterisk to stop before it is killed
ARCHIVE_LIMIT=268435456 # bytes that a push may bring
ARRIVED_WITHIN=600 # seconds for all of that to arrive
ANSWERED_WITHIN=60 # seconds for what runs as Asterisk's user, as long as the operator waits for a verb
UNDONE_WITHIN=120 # seconds for an undo by the host, which the operator's verbs wait for
LOG_LIMIT=4194304 # bytes of a log that are looked through
KEY_LIMIT=1048576 # bytes of one certificate or key
LINE='
' # where one ends

# what was said on the command line
GIVEN_SERVICE='' GIVEN_BINARY='' GIVEN_CONFIGURATION='' GIVEN_USER='' GIVEN_SCRIPT='' GIVEN_PUSH=''
# what was found
BOUNDED='' # seconds that what runs as Asterisk's user may take, once the lock is held
SERVICE='' ASKED='' LOADED='' MAIN='' PID='' OTHER='' BINARY='' OPTIONS_FILE='' USER_ID='' GROUP_ID='' SETTINGS='' ETC='' LOG=''

# sudo itself sets SUDO_UID, whatever the caller's environment says
case ${SUDO_UID:-0} in 0) IS_DEPUTY=no ;; *) IS_DEPUTY=yes ;; esac

refuse() { # CODE MESSAGE: nothing was done, and why
    printf 'refused %s %s\n' "$1" "$2"
    exit 3
}
