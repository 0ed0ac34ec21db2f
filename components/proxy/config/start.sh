#!/bin/sh
# Starts oauth2-proxy, which takes Redis' password from its settings, a variable or the command line only. The settings with the
# password become a file in the container's own memory that has no name any more when oauth2-proxy opens it: neither the
# Deployment nor the variables or arguments of a process show the password, and no other process finds it.
#
#   start.sh --config=<file> [argument...]
set -eu

settings="${1#--config=}"
shift
password="$(cat "$REDIS_PASSWORD_FILE")"
case "$password" in
  '' | *[!A-Za-z0-9._~-]*)
    echo "start.sh: $REDIS_PASSWORD_FILE is empty, or holds characters that no password of the vault has" >&2
    exit 1
    ;;
esac

own="$(mktemp -p /dev/shm)"
{
  cat "$settings"
  printf '\nredis_password = "%s"\n' "$password"
} >"$own"
exec 3<"$own"
rm "$own"

exec oauth2-proxy --config=/dev/fd/3 "$@"
