import type { SignInConditions } from "../../../model/conditional-access/sign-in.ts";
import { identityOf } from "../conditional-access.ts";
import type { Application, ServicePrincipal, User } from "../directory.ts";
import { homeOf } from "../home.ts";
import type { Client } from "./clients.ts";
import { type AccessAnswer, accessRefusal, assess, resourceIdOf, targetsOf } from "./conditional-access.ts";
import type { ErrorValues } from "./errors.ts";
import { frequencyPolicies, staleProof } from "./frequency.ts";
import type { SignIn } from "./grants.ts";
import { logSignIn, type SignInRecord } from "./sign-in-record.ts";
import type { EntraState } from "./state.ts";

/**
 * Asks the directory's policies, as they are now, about a refresh. It is judged under the conditions of its sign-in: the
 * emulator cannot tell where a tool's server stands.
 * @throws EntraError with the verdict's code, or 70043 when the sign-in is older than the policies allow.
 */
export function judgeRefresh(
  state: EntraState,
  client: Client,
  user: User,
  signIn: SignIn,
  correlationId: string,
): void {
  const { data } = state.context.store;
  const { conditions, secondFactor, scopes } = signIn;
  const registered = user.authenticationMethods ?? [];
  const answer = assess(data, {
    identity: identityOf(data, user),
    clientIds: targetsOf(data, signIn.clientId, scopes),
    conditions,
    proofs: { registered, method: secondFactor?.method ?? "none" },
  });
  const { application } = client;
  const resourceId = resourceIdOf(data, scopes);
  const type = "nonInteractiveUser" as const;
  const judged = { actor: { user }, client: application, resourceId, conditions, answer, correlationId, type };
  const { verdict, evaluation } = answer;
  const stale = staleProof(evaluation.enforced.session.signInFrequency, signIn, state.context.now());
  const values = { resource: resourceId };
  if (verdict.outcome === "block") refuse(state, judged, verdict.code, verdict.because, values);
  if (stale !== undefined) {
    const issued = stale.since.toISOString().replace("Z", "0000Z");
    refuse(state, judged, 70043, frequencyPolicies(evaluation), { issued, seconds: String(stale.seconds) });
  }
  if (verdict.outcome === "challenge") refuse(state, judged, verdict.code, verdict.because, values);
  logSignIn(state.context, judged);
}

/**
 * Asks the policies for workload identities about an application that signs in as itself. Managed identities, and
 * applications of several tenants, are out of their reach
 * (https://learn.microsoft.com/entra/identity/conditional-access/workload-identity).
 * @throws EntraError 53003
 */
export function judgeWorkload(
  state: EntraState,
  servicePrincipal: ServicePrincipal,
  application: Application | undefined,
  resourceId: string,
  correlationId: string,
): void {
  const { data } = state.context.store;
  const { country, ipAddress } = homeOf(data);
  const conditions: SignInConditions = { country, ipAddress, servicePrincipalRiskLevel: "none" };
  const answer = assess(data, {
    identity: {
      kind: "workload",
      id: servicePrincipal.id,
      ownedByTenant: application?.signInAudience === "AzureADMyOrg",
    },
    clientIds: [resourceId],
    conditions,
    proofs: { registered: [], method: "none" },
  });
  const client = { appId: servicePrincipal.appId, displayName: servicePrincipal.displayName };
  const type = "servicePrincipal" as const;
  const judged = { actor: { servicePrincipal }, client, resourceId, conditions, answer, correlationId, type };
  const { outcome, because } = answer.verdict;
  // Nobody is there who could answer: whatever is asked of an application beside a block is out of its reach, too.
  if (outcome !== "allow") refuse(state, judged, 53003, because);
  logSignIn(state.context, judged);
}

function refuse(
  state: EntraState,
  judged: SignInRecord & { readonly answer: AccessAnswer },
  code: number | undefined,
  because: readonly string[],
  values: ErrorValues = {},
): never {
  const error = accessRefusal(code ?? 53003, judged.answer.evaluation, because, values);
  logSignIn(state.context, { ...judged, refused: { error, because } });
  throw error;
}
