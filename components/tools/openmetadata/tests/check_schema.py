"""Reads servers' configurations with the models that OpenMetadata publishes, and prints what each part is refused for.

    check_schema.py one.json another.json

The models are made from the JSON Schemas that the server's own classes are made from. They know no unknown key and no wrong
value; what no schema says (a part that is left out altogether) they cannot see.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import types

from pydantic import BaseModel, ValidationError

# Part of the configuration → module and model.
MODELS = {
    "authenticationConfiguration": ("configuration.authenticationConfiguration", "AuthenticationConfiguration"),
    "authorizerConfiguration": ("configuration.authorizerConfiguration", "AuthorizerConfiguration"),
    "jwtTokenConfiguration": ("configuration.jwtTokenConfiguration", "JWTTokenConfiguration"),
    "elasticsearch": ("configuration.elasticSearchConfiguration", "ElasticSearchConfiguration"),
    "eventHandlerConfiguration": ("configuration.eventHandlerConfiguration", "EventHandlerConfiguration"),
    "fernetConfiguration": ("configuration.fernetConfiguration", "FernetConfiguration"),
    "limits": ("configuration.limitsConfiguration", "LimitsConfiguration"),
    "mcpConfiguration": ("configuration.mcpConfiguration", "MCPConfiguration"),
    "operationalConfig": ("configuration.opsConfig", "OpsConfig"),
    "pipelineServiceClientConfiguration": (
        "configuration.pipelineServiceClientConfiguration",
        "PipelineServiceClientConfiguration",
    ),
    "secretsManagerConfiguration": ("security.secrets.secretsManagerConfiguration", "SecretsManagerConfiguration"),
}


def without_startup(name: str) -> None:
    """Lets a package's modules be imported without running its own start, which imports all that it ever needs."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(name)
    package = types.ModuleType(name)
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules[name] = package


def model(module: str, name: str) -> type[BaseModel]:
    return getattr(importlib.import_module(f"metadata.generated.schema.{module}"), name)


def refusals(part: type[BaseModel], value: object) -> list[str]:
    try:
        part.model_validate(value)
    except ValidationError as error:
        return [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()]
    return []


def main(paths: list[str]) -> None:
    without_startup("metadata")
    models = {part: model(*where) for part, where in MODELS.items()}
    found = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            config = json.load(file)
        found.append({part: refusals(models[part], config[part]) for part in MODELS})
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
