import type { AnalysisReason, PolicyState } from "../../model/index.ts";
import { type AppliedPolicy, reasonOf, type SignInEntry } from "../../sandbox/emulator/entra/index.ts";
import type { SignInContext } from "./context.ts";
import { deployerToken } from "./entra-token.ts";
import type { SandboxFetch } from "./network.ts";

const GRAPH = "https://graph.microsoft.com";

/** What came of one policy in a sign-in: what `sign-in --json` prints under `policies`. */
export interface JudgedPolicy {
  readonly displayName: string;
  readonly state: PolicyState;
  readonly applies: boolean;
  /** Why it does not apply; `notSet` for one that does. */
  readonly reason: AnalysisReason;
}

/** What Entra's log says of a sign-in. */
export interface LoggedSignIn {
  readonly policies: readonly JudgedPolicy[];
  /** Display names of the enabled policies that it failed. */
  readonly failed: readonly string[];
}

/** Reads the log as the deployer, who may read it and the policies. */
export async function readSignInLog(
  { fetch, layout, deployed }: Pick<SignInContext, "fetch" | "layout" | "deployed">,
  correlationId: string,
  errorCode: number,
): Promise<LoggedSignIn> {
  const token = await deployerToken(fetch, layout, deployed.tenantId, GRAPH);
  return loggedSignIn(fetch, token, correlationId, errorCode);
}

/**
 * The sign-in of a correlation id that ended with an error, or with 0. A sign-in that ended before Conditional Access was
 * asked (unknown person, no assignment) met no policies.
 * @param token for Microsoft Graph, with AuditLog.Read.All and Policy.Read.All
 */
export async function loggedSignIn(
  fetch: SandboxFetch,
  token: string,
  correlationId: string,
  errorCode: number,
): Promise<LoggedSignIn> {
  const query = new URLSearchParams({ $filter: `correlationId eq '${correlationId}'` });
  const response = await fetch(`${GRAPH}/beta/auditLogs/signIns?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.status !== 200) throw new Error(`The sign-in log cannot be read: ${await response.text()}`);
  const { value } = (await response.json()) as { value: readonly SignInEntry[] };
  const found = value.find(({ status }) => status.errorCode === errorCode);
  const applied = found?.appliedConditionalAccessPolicies ?? [];
  return {
    policies: applied.map(judged),
    failed: applied.filter(({ result }) => result === "failure").map(({ displayName }) => displayName),
  };
}

function judged({ displayName, result, conditionsNotSatisfied }: AppliedPolicy): JudgedPolicy {
  const applies = ["success", "failure", "reportOnlySuccess", "reportOnlyFailure", "reportOnlyInterrupted"].includes(
    result,
  );
  const reason = result === "notEnabled" ? "policyNotEnabled" : reasonOf(conditionsNotSatisfied);
  return {
    displayName,
    state: stateOf(result),
    applies,
    reason: applies ? "notSet" : (reason ?? "notEnoughInformation"),
  };
}

function stateOf(result: AppliedPolicy["result"]): PolicyState {
  if (result === "notEnabled") return "disabled";
  return result.startsWith("reportOnly") ? "enabledForReportingButNotEnforced" : "enabled";
}
