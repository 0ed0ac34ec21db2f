import type { Control, Evaluation, GrantDemand, Proofs, Verdict } from "./evaluation.ts";
import { promptRank } from "./grants.ts";
import { METHOD_NAMES, type MethodName, satisfiesStrength } from "./methods.ts";
import { answerable, type Shown, type Standing, standing } from "./proofs.ts";
import type { DeviceFacts } from "./sign-in.ts";

/**
 * The combined answer for a sign-in: a policy that blocks wins (53003); otherwise every policy's grant has to be met, with
 * AND or OR between its own controls. Report-only policies have no say.
 *
 * Where something cannot be shown at all, the sign-in ends with that control's code; where everything that is missing can
 * still be done, with the code of what Entra asks for first. The answer does not hang on the policies' order.
 *
 * @param device what the directory knows of the device; null and undefined both show nothing
 */
export function decide(evaluation: Evaluation, proofs: Proofs, device: DeviceFacts | null | undefined): Verdict {
  const { blockedBy, grants, session } = evaluation.enforced;
  if (blockedBy.length > 0) {
    return { outcome: "block", demands: [], session, code: 53003, because: names(blockedBy.map(nameOf)) };
  }
  const shown = { proofs, device, ...answerable(evaluation.facts) };
  const missing = grants.flatMap((grant) => missingOf(grant, shown) ?? []);
  if (missing.length === 0) return { outcome: "allow", demands: [], session, because: [] };
  const blocking = missing.filter(({ lead }) => lead.state === "impossible");
  return {
    outcome: blocking.length > 0 ? "block" : "challenge",
    demands: [...new Set([...missing].sort(byPrompt).map(({ text }) => text))],
    session,
    code: firstCode(blocking.length > 0 ? blocking : missing),
    because: names(missing.map(({ grant }) => nameOf(grant.policy))),
  };
}

/**
 * The registered methods that satisfy every demand for a method at once, strongest first: what the sign-in page offers.
 * Empty where there is none; then two methods would be needed one after the other, or none of the person's is enough.
 *
 * @param device a device that satisfies an alternative (compliant device or MFA) takes that demand away. Default: none
 * @param proofs what was shown besides methods, likewise. Default: nothing
 */
export function offeredMethods(
  evaluation: Evaluation,
  registered: readonly MethodName[],
  device?: DeviceFacts | null,
  proofs: Partial<Proofs> = {},
): MethodName[] {
  const shown: Shown = { proofs: { ...proofs, registered, method: "none" }, device, ...answerable(evaluation.facts) };
  const open = evaluation.enforced.grants.filter((grant) => missingOf(grant, shown) !== undefined);
  return METHOD_NAMES.filter((name) => registered.includes(name) && open.every((grant) => answers(grant, name)));
}

/** Whether a method leaves nothing of a grant's demands for methods open. */
function answers({ operator, controls }: GrantDemand, method: MethodName): boolean {
  const wanted = controls.filter(({ kind }) => kind === "mfa" || kind === "strength");
  const satisfies = (control: Control) =>
    control.kind !== "strength" || satisfiesStrength(control.allowedCombinations, method);
  return wanted.length === 0 || (operator === "AND" ? wanted.every(satisfies) : wanted.some(satisfies));
}

/** One policy's grant that is not met. */
interface Missing {
  readonly grant: GrantDemand;
  readonly text: string;
  /** The control that decides, and where it stands in the order of prompts. */
  readonly lead: Standing & { readonly rank: number };
}

function missingOf(grant: GrantDemand, shown: Shown): Missing | undefined {
  const all = grant.controls.map((control) => ({
    control,
    rank: promptRank(control),
    ...standing(control, shown),
  }));
  const rest = all.filter(({ state }) => state !== "met");
  const isOr = grant.operator === "OR";
  if (rest.length === 0 || (isOr && rest.length < all.length)) return undefined;
  const deciding = rest.find(({ state }) => state === (isOr ? "open" : "impossible")) ?? rest[0];
  if (deciding === undefined) return undefined;
  const text = rest.map(({ control }) => controlText(control)).join(isOr ? " or " : " and ");
  return { grant, text, lead: deciding };
}

/** A control in the words of `demands`. @example 'strength "Phishing-resistant MFA"' */
export function controlText(control: Control): string {
  switch (control.kind) {
    case "strength":
      return `strength "${control.displayName}"`;
    case "termsOfUse":
    case "custom":
      return `${control.kind} ${control.id}`;
    default:
      return control.kind;
  }
}

function byPrompt(left: Missing, right: Missing): number {
  if (left.lead.rank !== right.lead.rank) return left.lead.rank - right.lead.rank;
  if (left.text === right.text) return 0;
  return left.text < right.text ? -1 : 1;
}

/** What is asked for first; of two codes for the same prompt the lower one, which for methods asks before it registers. */
function firstCode(missing: readonly Missing[]): number {
  const rank = Math.min(...missing.map(({ lead }) => lead.rank));
  return Math.min(...missing.flatMap(({ lead }) => (lead.rank === rank ? [lead.code] : [])));
}

function nameOf({ displayName }: { readonly displayName: string }): string {
  return displayName;
}

function names(list: readonly string[]): string[] {
  return [...new Set(list)].sort();
}
