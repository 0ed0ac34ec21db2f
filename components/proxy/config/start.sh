#!/bin/sh
# Starts oauth2-proxy. It takes Redis' password from a variable or the command line only, so the mounted file becomes a
# variable of this process alone: neither the Deployment nor the list of processes shows it.
set -eu

password="$(cat "$REDIS_PASSWORD_FILE")"
export OAUTH2_PROXY_REDIS_PASSWORD="$password"

exec oauth2-proxy "$@"
