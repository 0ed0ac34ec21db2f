#!/bin/sh
# Starts Metabase. It reads secrets from its environment alone, so they are put there here, in the process, from the files
# that the vault's driver mounts; the pod's own environment holds none. What is needed and missing stops the start.
#
#   start.sh <command> [argument...]      the command is Metabase's own start script
set -eu

fail() {
  echo "start.sh: $1" >&2
  exit 1
}

# The content of a mounted file, without line ends.
content() {
  [ -r "$1" ] || fail "$1 is not there"
  read_value=$(cat "$1")
  [ -n "$read_value" ] || fail "$1 is empty"
  printf '%s' "$read_value"
}

secret() {
  content "${METABASE_SECRETS_FOLDER:?}/$1"
}

# Puts $3 where $2 stands in $1. Built in, so that a secret is on no command line.
replace() {
  case $1 in
    *"$2"*) printf '%s%s%s' "${1%%"$2"*}" "$3" "${1#*"$2"}" ;;
    *) fail "$2 is not in the template" ;;
  esac
}

MB_DB_PASS=$(secret database-password)
MB_ENCRYPTION_SECRET_KEY=$(secret encryption-key)
export MB_DB_PASS MB_ENCRYPTION_SECRET_KEY

if [ "${METABASE_EDITION:?}" = pro ]; then
  MB_PREMIUM_EMBEDDING_TOKEN=$(secret licence)
  export MB_PREMIUM_EMBEDDING_TOKEN
fi

if [ -n "${MB_EMAIL_SMTP_USERNAME:-}" ]; then
  MB_EMAIL_SMTP_PASSWORD=$(secret mail-password)
  export MB_EMAIL_SMTP_PASSWORD
fi

# config.yml reads this; the break-glass account, its creator, is made before any web pod starts.
if [ -n "${MB_CONFIG_FILE_PATH:-}" ]; then
  METABASE_RECONCILER_KEY="mb_$(secret api-key)"
  export METABASE_RECONCILER_KEY
fi

if [ -n "${METABASE_OIDC_TEMPLATE:-}" ]; then
  client_secret=$(secret client-secret)
  # Entra makes secrets of these alone. Others would have to be escaped in JSON.
  case $client_secret in
    *[!A-Za-z0-9._~-]*) fail "the client secret holds characters that Entra does not use" ;;
  esac
  groups=$(content "${METABASE_GROUPS_FILE:?}") || fail "the job metabase-bootstrap has not written the group ids yet"
  providers=$(content "$METABASE_OIDC_TEMPLATE")
  providers=$(replace "$providers" '"@GROUP_MAPPINGS@"' "$groups")
  providers=$(replace "$providers" '@CLIENT_ID@' "${ENTRA_CLIENT_ID:?}")
  MB_OIDC_PROVIDERS=$(replace "$providers" '@CLIENT_SECRET@' "$client_secret")
  export MB_OIDC_PROVIDERS
fi

[ "$#" -gt 0 ] || fail "no command is given"
exec "$@"
