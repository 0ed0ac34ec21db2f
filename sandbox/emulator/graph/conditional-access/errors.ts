import { GraphError, notImplemented } from "../errors.ts";
import type { GraphVersion } from "../request.ts";

/**
 * The Conditional Access service's own answers. Where its text is known it is used, with its number; the sandbox's
 * addition stands in brackets behind it. Refusals whose text is not known carry no number.
 */

/**
 * 400. v1.0 gives the service's words as they are (`BadRequest: 1040: NamedLocation with id …`,
 * https://github.com/hashicorp/terraform-provider-azuread/pull/1703); beta puts them into `innerError`
 * (https://github.com/AlexFilipin/ConditionalAccess/issues/4).
 */
export function refused(version: GraphVersion, text: string): GraphError {
  if (version === "v1.0") return new GraphError(400, "BadRequest", text);
  return new GraphError(
    400,
    "BadRequest",
    "The server could not process the request because it is malformed or incorrect.",
    text,
  );
}

export type Reason =
  | "InvalidControls"
  | "InvalidPasswordResetControl"
  | "InvalidSessionControls"
  | "BlockEveryonePolicy";

/** What the service says of controls that do not go together. `why` is the sandbox's. */
export const validationFailed = (version: GraphVersion, reason: Reason, why: string) =>
  refused(version, `1032: ConditionalActionPolicy validation failed due to ${reason}. (${why})`);

/** What the service says of every wrong shape; `where` is the sandbox's. */
export const wrongShape = (version: GraphVersion, where: string) =>
  refused(
    version,
    `1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type. For examples, please see API documentation at https://docs.microsoft.com/en-us/graph/api/conditionalaccessroot-post-policies?view=graph-rest-1.0. (${where})`,
  );

const missing = (kind: string, id: string) => `${kind} with id ${id} does not exist in the directory.`;

/** 404 for the object that the path names. */
export const unknownObject = (kind: string, id: string) => new GraphError(404, "ResourceNotFound", missing(kind, id));

/** 400 for an object that a policy refers to. */
export const unknownLocation = (version: GraphVersion, id: string) =>
  refused(version, `1040: ${missing("NamedLocation", id)}`);
export const unknownStrength = (version: GraphVersion, id: string) =>
  refused(version, missing("AuthenticationStrengthPolicy", id));
export const unknownRoles = (version: GraphVersion, ids: readonly string[]) =>
  refused(version, `1102: 'users' condition contains invalid role ids: ${ids.join(", ")}.`);
export const unknownIds = (version: GraphVersion, condition: string, kind: string, ids: readonly string[]) =>
  refused(version, `'${condition}' condition contains invalid ${kind} ids: ${ids.join(", ")}.`);

/** 403 as the service says it (https://github.com/hashicorp/terraform-provider-azuread/issues/1687). */
export const accessDenied = () =>
  new GraphError(
    403,
    "AccessDenied",
    "You cannot perform the requested operation, required scopes are missing in the token.",
  );

export const notHere = (what: string) => notImplemented(`${what} in Conditional Access`);
