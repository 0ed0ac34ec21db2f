#!/bin/sh
# Starts the server, or what prepares its database, with the secrets of the mounted files. They are put into the environment of
# this process alone: OpenMetadata's configuration can name variables and no files.
#   start.sh server | migrate
set -eu

export_secret() {
  file="$SECRETS_FOLDER/$2"
  if [ ! -s "$file" ]; then
    echo "secret '$2' is missing or empty: $file" >&2
    exit 1
  fi
  value="$(cat "$file")"
  case "$value" in
    *[\"\\]*)
      # It would end the text that it is put into.
      echo "secret '$2' holds a quote or a backslash, which the configuration cannot carry" >&2
      exit 1
      ;;
  esac
  export "$1=$value"
}

export_secret DATABASE_PASSWORD database-password
export_secret SEARCH_PASSWORD search-password
export_secret FERNET_KEY fernet-key
if [ "$CLIENT_TYPE" = confidential ]; then
  export_secret OIDC_CLIENT_SECRET client-secret
fi

# Paths such as bootstrap/ and libs/ are relative to it.
cd "$OPENMETADATA_HOME"

case "${1:-}" in
  server)
    exec bash ./bin/openmetadata-server-start.sh "$CONFIG_FILE"
    ;;
  migrate)
    operations() {
      "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:MaxRAMPercentage=70 "-Dbootstrap.dir=$OPENMETADATA_HOME/bootstrap" \
        -cp "$OPENMETADATA_HOME/libs/*" org.openmetadata.service.util.OpenMetadataOperations -c "$CONFIG_FILE" "$@"
    }
    operations migrate
    # The server keeps its sign-in settings in the database and takes them from there at its next starts, whatever the file
    # says. Without them it takes the file's again.
    operations remove-security-config --force
    ;;
  *)
    echo "usage: $0 server | migrate" >&2
    exit 2
    ;;
esac
