import type * as pulumi from "@pulumi/pulumi";
import { logoutUrl, redirectUris, toolUrl } from "../../model/callbacks.ts";
import type { CredentialKind, ToolSettings } from "../../model/tool-contract.ts";
import type { Credential } from "../entra/credential.ts";
import type { OidcClientArgs } from "../entra/oidc-client.ts";
import type { ToolEnvironment } from "./environment.ts";
import type { ToolArgs } from "./tool.ts";

/**
 * A tool's registration, as its contract and the settings say.
 *
 * @param name the tool's id
 * @param serviceAccount whose token redeems codes, where a callback is `federated`
 */
export function registrationOf<S extends ToolSettings>(
  name: string,
  { contract, settings, environment, owners }: ToolArgs<S>,
  serviceAccount: string,
): OidcClientArgs {
  const { environment: stack, groupIds, deployer, protect } = environment;
  const account = { namespace: settings.namespace, name: serviceAccount };
  const kinds = [...new Set(contract.callbacks(settings).map(({ credential }) => credential))];
  return {
    tool: name,
    displayName: `${contract.displayName} (${stack})`,
    url: toolUrl(settings),
    redirectUris: redirectUris(contract, settings),
    logoutUrl: logoutUrl(contract, settings),
    roles: contract.roles(settings),
    owners,
    deployer,
    notes: `Sign-in of ${contract.displayName} at ${toolUrl(settings)}. Declared in the stack "${stack}" of Entrada: changes by hand are undone.`,
    serviceManagementReference: `entrada/${stack}/${name}`,
    assignments: assignments(name, settings, groupIds),
    credentials: kinds.map((kind) => credentialOf(kind, environment, account)),
    protect,
  };
}

function credentialOf(
  kind: CredentialKind,
  { oidcIssuer, windows, vault }: ToolEnvironment,
  serviceAccount: { namespace: string; name: string },
): Credential {
  switch (kind) {
    case "federated":
      return { kind, issuer: oidcIssuer, serviceAccount };
    case "public":
      return { kind };
    case "secret":
      return { kind, windows, vault };
  }
}

/** Role → team → group id, for the teams that the settings give each role. Throws on a team without a group. */
export function assignments(
  name: string,
  { access }: Pick<ToolSettings, "access">,
  groupIds: Readonly<Record<string, pulumi.Input<string>>>,
): Record<string, Record<string, pulumi.Input<string>>> {
  const groupOf = (team: string): pulumi.Input<string> => {
    const id = groupIds[team];
    if (id === undefined) throw new Error(`tools.${name}.access names the team "${team}", which is not declared.`);
    return id;
  };
  return Object.fromEntries(
    Object.entries(access).map(([role, teams]) => [
      role,
      Object.fromEntries(teams.map((team) => [team, groupOf(team)])),
    ]),
  );
}
