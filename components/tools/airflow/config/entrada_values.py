"""
Prints one value of airflow.cfg that is made of secrets: `python entrada_values.py database`. Airflow runs it for an option
that ends with `_cmd`, so no secret stands in a file of the configuration or in the environment.
"""

import sys

from entrada_airflow import AirflowValues

VALUES = ("database", "database_async", "redis", "fernet_keys", "api_secret_key", "jwt_secret")


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or arguments[0] not in VALUES:
        sys.exit(f"usage: entrada_values.py {'|'.join(VALUES)}")
    # Without a line break, which Airflow would take for a part of the value.
    sys.stdout.write(getattr(AirflowValues(), arguments[0])())


if __name__ == "__main__":
    main(sys.argv[1:])
