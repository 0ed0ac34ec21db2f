/** A resource as the stack's state has it. */
export interface StateResource {
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What Microsoft Graph answers: an object, or the members of a collection on all its pages. */
export interface Directory {
  object(path: string): Promise<Readonly<Record<string, unknown>>>;
  list(path: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const APPLICATION = "azuread:index/application:Application";
const PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal";
const POLICY = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";

/**
 * What stands in Entra beside what the stack declares, and what a refresh cannot see for that reason: further credentials of
 * the stack's applications, people and groups with a role in a tool, and Conditional Access policies. Members and owners
 * are not among them: the stack declares all of a group's and an application's, so a refresh sees others.
 *
 * @param elsewhere names of policies that other environments in the tenant declare
 * @returns a sentence each
 */
export async function undeclared(
  resources: readonly StateResource[],
  directory: Directory,
  elsewhere: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  // Ids of credentials and assignments end in what Graph calls them.
  const declared = new Set(resources.flatMap(({ id }) => (id === undefined ? [] : [id.split("/").at(-1) ?? ""])));
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  const found: string[] = [];
  for (const { outputs } of of(APPLICATION)) found.push(...(await credentials(outputs, declared, directory)));
  for (const { outputs } of of(PRINCIPAL)) found.push(...(await assignments(outputs, declared, directory)));
  if (of(POLICY).length > 0) found.push(...(await policies(declared, elsewhere, directory)));
  return found;
}

type Outputs = StateResource["outputs"];

async function credentials(outputs: Outputs, declared: ReadonlySet<string>, directory: Directory): Promise<string[]> {
  const path = `/applications/${outputs?.objectId}`;
  const application = await directory.object(`${path}?$select=displayName,passwordCredentials,keyCredentials`);
  const federated = await directory.list(`${path}/federatedIdentityCredentials`);
  const kinds = [
    ["secret", application.passwordCredentials, "keyId"],
    ["certificate", application.keyCredentials, "keyId"],
    ["federated credential", federated, "id"],
  ] as const;
  return kinds.flatMap(([kind, list, key]) =>
    (list as Readonly<Record<string, unknown>>[])
      .filter((credential) => !declared.has(String(credential[key])))
      .map(
        (credential) =>
          `${application.displayName}: the ${kind} "${credential.displayName ?? credential.name ?? credential[key]}"`,
      ),
  );
}

async function assignments(outputs: Outputs, declared: ReadonlySet<string>, directory: Directory): Promise<string[]> {
  const assigned = await directory.list(`/servicePrincipals/${outputs?.objectId}/appRoleAssignedTo`);
  return assigned
    .filter(({ id }) => !declared.has(String(id)))
    .map(
      ({ principalDisplayName, principalType, resourceDisplayName }) =>
        `${resourceDisplayName}: a role for the ${String(principalType).toLowerCase()} ${principalDisplayName}`,
    );
}

async function policies(
  declared: ReadonlySet<string>,
  elsewhere: ReadonlySet<string>,
  directory: Directory,
): Promise<string[]> {
  const all = await directory.list("/identity/conditionalAccess/policies");
  return all
    .filter(({ id, displayName }) => !declared.has(String(id)) && !elsewhere.has(String(displayName)))
    .map(({ displayName, state }) => `Conditional Access: the policy "${displayName}" (${state})`);
}
