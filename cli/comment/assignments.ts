import type { AccessState } from "../../model/index.ts";
import type { Preview } from "./preview.ts";

/** A role that a team holds, or a resource by its name where it is not known which. */
export interface UnexplainedAssignments {
  /** Both settings give these roles, and yet they have to be made: somebody gains them with this deployment all the same. */
  readonly made: readonly { readonly team: string; readonly tool: string; readonly role: string }[];
  /** Names of assignments that end though the old settings do not have them. */
  readonly ended: readonly string[];
}

const ASSIGNMENT = "azuread:index/appRoleAssignment:AppRoleAssignment";

/**
 * Role assignments of teams that a preview makes or ends and the compared settings do not explain: what is deployed is not what the
 * old settings say, for example because they were merged and never deployed.
 */
export function unexplainedAssignments(
  { changes }: Preview,
  before: AccessState,
  after: AccessState,
): UnexplainedAssignments {
  const [old, young] = [names(before), names(after)];
  const assignments = changes.filter(({ type }) => type === ASSIGNMENT);
  const ofTeams = [...before.tools, ...after.tools].flatMap(({ id, roles }) =>
    roles.map(({ value }) => `${id}-${value}-`),
  );
  return {
    made: assignments
      .filter(({ operation }) => operation === "create")
      .flatMap(({ name }) => (old.has(name) ? (young.get(name) ?? []) : [])),
    ended: assignments
      .filter(
        ({ operation, name }) =>
          operation === "delete" && !old.has(name) && ofTeams.some((start) => name.startsWith(start)),
      )
      .map(({ name }) => name),
  };
}

/** The names that the component gives its assignments (components/entra/oidc-client.ts). */
function names({ grants }: AccessState) {
  return new Map(
    [...grants].map((key) => {
      const [team = "", tool = "", role = ""] = JSON.parse(key) as string[];
      return [`${tool}-${role}-${team}`, { team, tool, role }];
    }),
  );
}
