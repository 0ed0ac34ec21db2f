import type { SessionDemands, Verdict } from "./evaluation.ts";

/** Verdicts in words, for tables and sentences. */

const CONTROLS: Readonly<Record<string, string>> = {
  mfa: "multifactor authentication",
  compliantDevice: "a compliant device",
  domainJoinedDevice: "a hybrid joined device",
  approvedApplication: "an approved app",
  compliantApplication: "an app with a protection policy",
  passwordChange: "a new password",
};

/** What is demanded, each thing once. @example "multifactor authentication and a compliant device" */
export function demandWords(demands: readonly string[]): string {
  return joinedWords([...new Set(demands)].map(grantWords), "and");
}

/** One policy's grant; strengths have names of their own. @example "a compliant device or a hybrid joined device" */
function grantWords(demand: string): string {
  return demand.replace(/strength "([^"]*)"|\b[a-zA-Z]+\b/g, (word, strength: string | undefined) => {
    return strength ?? (Object.hasOwn(CONTROLS, word) ? (CONTROLS[word] ?? word) : word);
  });
}

/** What there is to say of a verdict. */
export type Worded = Pick<Verdict, "outcome" | "demands" | "code"> & Partial<Pick<Verdict, "session">>;

/** @example "asked for multifactor authentication; signs in again after 12 hours" */
export function verdictWords({ outcome, demands, code, session = {} }: Worded): string {
  if (outcome === "block") {
    const why = demands.length === 0 ? "" : `, for want of ${demandWords(demands)}`;
    return `blocked${code === undefined ? "" : ` (AADSTS${code})`}${why}`;
  }
  const asked = outcome === "allow" ? "let in" : `asked for ${demandWords(demands)}`;
  return [asked, ...sessionWords(session)].join("; ");
}

/** What the session is held to, a few words for each control. */
export function sessionWords(session: SessionDemands): string[] {
  const { signInFrequency, persistentBrowser, cloudAppSecurity } = session;
  const words: string[] = [];
  if (signInFrequency !== undefined) {
    const { frequencyInterval, value, type } = signInFrequency;
    const unit = value === 1 ? type?.slice(0, -1) : type;
    words.push(frequencyInterval === "everyTime" ? "signs in every time" : `signs in again after ${value} ${unit}`);
  }
  if (persistentBrowser !== undefined)
    words.push(persistentBrowser === "never" ? "browser forgets the sign-in" : "browser keeps the sign-in");
  if (cloudAppSecurity !== undefined) words.push(`app control: ${cloudAppSecurity}`);
  if (session.applicationEnforcedRestrictions === true) words.push("the app's own restrictions");
  if (session.disableResilienceDefaults === true) words.push("no resilience defaults");
  return words;
}

/** @example joinedWords(["a", "b", "c"], "and") is "a, b and c" */
export function joinedWords(words: readonly string[], conjunction: "and" | "or"): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}
