#!/bin/sh
# Runs once for each version of the image, the settings and the keys, before the new pods start.
set -eu
airflow db migrate
# After a key rotation: what the previous key encrypted is encrypted with the new one. Otherwise it changes nothing.
airflow rotate-fernet-key
python "$(dirname "$0")/entrada_airflow_roles.py"
