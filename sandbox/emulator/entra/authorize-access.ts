import type { Verdict } from "../../../model/conditional-access/evaluation.ts";
import type { MethodName } from "../../../model/conditional-access/methods.ts";
import { signInConditions } from "../../../model/conditional-access/played.ts";
import type { SignInConditions } from "../../../model/conditional-access/sign-in.ts";
import { offeredMethods } from "../../../model/conditional-access/verdict.ts";
import { identityOf } from "../conditional-access.ts";
import type { User } from "../directory.ts";
import { homeOf } from "../home.ts";
import type { Client } from "./clients.ts";
import { type AccessAnswer, accessRefusal, assess, resourceIdOf, targetsOf } from "./conditional-access.ts";
import type { EntraError } from "./errors.ts";
import { frequencyPolicies, staleProof } from "./frequency.ts";
import type { Surroundings } from "./played-form.ts";
import type { Scopes } from "./scopes.ts";
import type { SecondFactor, Session } from "./session.ts";
import { logSignIn } from "./sign-in-record.ts";
import type { EntraState } from "./state.ts";

/** A sign-in whose person may open the application, and now meets Conditional Access. */
export interface AccessRequest {
  readonly client: Client;
  readonly scopes: Scopes;
  /** No page may be shown (`prompt=none`). */
  readonly isSilent: boolean;
  readonly session: Session;
  /** What the way itself says of the conditions, whatever was played. */
  readonly given?: Surroundings;
  readonly user: User;
  /** What the person answers with in this very request; undefined where nobody was asked yet. */
  readonly answered: MethodName | "none" | undefined;
  readonly correlationId: string;
}

/** How the sign-in goes on: to the tool, to the page where a person is picked, or to the one that asks for a method. */
export type Access =
  | { readonly step: "granted"; readonly conditions: SignInConditions }
  | { readonly step: "sign-in" }
  | { readonly step: "verify"; readonly methods: readonly MethodName[] };

/**
 * Asks the directory's policies about a sign-in with a page. A block comes first, then the age of the session, then what is
 * still to be shown. A page is shown only where `prompt` allows it.
 * @throws EntraError with the verdict's code, or 70044 for a session that is too old for `prompt=none`.
 */
export function judgeAccess(state: EntraState, asked: AccessRequest): Access {
  const { client, scopes, isSilent, session, given, user, answered } = asked;
  const { data } = state.context.store;
  const now = state.context.now();
  const registered = user.authenticationMethods ?? [];
  const conditions = signInConditions({ ...session.surroundings, ...given }, homeOf(data));
  const identity = identityOf(data, user);
  const clientIds = targetsOf(data, client.application.appId, scopes);
  const ask = (method: MethodName | "none") =>
    assess(data, { identity, clientIds, conditions, proofs: { registered, method } });
  const factor = secondFactor(session, answered, registered, now);
  let answer = ask(factor?.method ?? "none");
  const refuse = (code: number, because: readonly string[]) => {
    const error = accessRefusal(code, answer.evaluation, because, { resource: resourceIdOf(data, scopes) });
    record(state, asked, conditions, answer, { error, because });
    return error;
  };
  if (answer.verdict.outcome === "block") throw refuse(codeOf(answer.verdict), answer.verdict.because);

  const shown = { authTime: session.authTime, secondFactor: factor };
  const stale = staleProof(answer.evaluation.enforced.session.signInFrequency, shown, now);
  if (stale?.proof === "primary") {
    if (isSilent) throw refuse(70044, frequencyPolicies(answer.evaluation));
    return { step: "sign-in" };
  }
  if (stale?.proof === "secondary") answer = ask("none");
  if (answer.verdict.outcome === "allow") {
    if (factor !== undefined) session.secondFactor = factor;
    record(state, asked, conditions, answer);
    return { step: "granted", conditions };
  }
  const refusal = refuse(codeOf(answer.verdict), answer.verdict.because);
  const methods = offeredMethods(answer.evaluation, registered, conditions.device);
  if (isSilent || answered !== undefined || methods.length === 0) throw refusal;
  return { step: "verify", methods };
}

/** The method of this request, which counts only where the person has registered it, or the session's last one. */
function secondFactor(
  session: Session,
  answered: MethodName | "none" | undefined,
  registered: readonly MethodName[],
  now: Date,
): SecondFactor | undefined {
  if (answered === undefined) return session.secondFactor;
  return answered !== "none" && registered.includes(answered) ? { method: answered, at: now } : undefined;
}

/** Every verdict but `allow` has a code. */
function codeOf({ code, outcome }: Verdict): number {
  if (code === undefined) throw new Error(`The verdict ${outcome} came without a code.`);
  return code;
}

function record(
  state: EntraState,
  { client, scopes, user, correlationId }: AccessRequest,
  conditions: SignInConditions,
  answer: AccessAnswer,
  refused?: { error: EntraError; because: readonly string[] },
): void {
  logSignIn(state.context, {
    actor: { user },
    client: client.application,
    resourceId: resourceIdOf(state.context.store.data, scopes),
    conditions,
    answer,
    ...(refused === undefined ? {} : { refused }),
    correlationId,
    type: "interactiveUser",
  });
}
