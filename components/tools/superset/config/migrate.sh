#!/bin/sh
# Runs once for each version of the image, the settings and the keys, before the new pods start.
set -eu
superset db upgrade
# After a key rotation: what the previous key encrypted is encrypted with the new one. Otherwise it changes nothing.
superset re-encrypt-secrets
superset init
python "$(dirname "$0")/entrada_roles.py"
