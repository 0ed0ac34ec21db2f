import type { Attacker } from "../attacker.ts";
import type { Claims } from "../forgery.ts";
import type { Change, Tampering } from "../tampering.ts";
import { ending, type Identity, type Target } from "../targets.ts";
import type { Answer, Visitor, Way } from "../visitor.ts";

/** What an attack is given to work with. */
export interface Stage {
  readonly target: Target;
  readonly attacker: Attacker;
  readonly tenantId: string;
  /** Client id of the target's registration, and of another tool's. */
  readonly clientId: string;
  readonly otherClientId: string;
  /** The attacker's own account: some low role. */
  readonly low: string;
  /** Another low account: what it is once given lasts for a while (Airflow keeps users for half a minute). */
  readonly other: string;
  /** The account that the attacker would like to be, and what the target calls it. */
  readonly high: string;
  readonly highName: string;
  /** An account with a password in the tool's own database, where there is one. */
  readonly account?: { readonly name: string; readonly password: string } | undefined;
  /** An application that may ask the target for tokens, where the settings name one. */
  readonly trigger?: { readonly clientId: string; readonly appRole: string } | undefined;
  /** A browser without cookies. */
  visitor(): Visitor;
  /** The token of another tool's pod, which the attacker runs code in. */
  otherPodToken(): Promise<string>;
}

/** How an attack went. */
export interface Attempt {
  /** Whether the attacker got what they wanted. */
  readonly got: boolean;
  /** What happened, for the reader of a failed test. */
  readonly how: string;
}

export interface Attack {
  /** Also the key under which `protections/` names what holds it. */
  readonly name: string;
  readonly targets: readonly Target["id"][];
  /** The error by which Entra refuses it, where Entra does. @example "AADSTS700213" */
  readonly refusal?: string;
  run(stage: Stage): Promise<Attempt>;
}

export const ALL = ["superset", "airflow", "reports"] as const;
export const FAB = ["superset", "airflow"] as const;

/**
 * What every sign-in of the attacks has: the scope `openid`, which the person may write into the address, and `groups` that
 * say what `roles` say. A tool that is protected is not moved by either.
 */
function usual(tampering: Tampering): Tampering {
  const { authorize, idToken } = tampering;
  const change = idToken?.claims ?? ((claims: Claims) => ({ ...claims, groups: claims.roles }));
  return {
    ...tampering,
    authorize: (query) => {
      const scopes = new Set((query.get("scope") ?? "").split(" ").filter(Boolean)).add("openid");
      query.set("scope", [...scopes].join(" "));
      authorize?.(query);
    },
    idToken: { ...idToken, claims: change },
  };
}

export interface SignedIn {
  readonly visitor: Visitor;
  readonly answers: readonly Answer[];
  readonly who: Identity | undefined;
}

/**
 * A whole sign-in under attack.
 * @param must what has to have been changed for the attack to have happened
 * @throws Error when it did not happen: such a test would show nothing
 */
export async function signIn(
  stage: Stage,
  tampering: Tampering,
  must: readonly Change[] = [],
  as = stage.low,
): Promise<SignedIn> {
  const visitor = stage.visitor();
  const answers = await begin(stage, visitor, tampering, { as });
  const missed = must.filter((change) => !stage.attacker.log.changed.includes(change));
  if (missed.length > 0) throw new Error(`The attack never changed ${missed.join(", ")}: ${ending(answers)}.`);
  return { visitor, answers, who: await stage.target.who(visitor) };
}

/** Begins a sign-in and goes on until the tool's home, or where `way` ends. */
export function begin({ target, attacker }: Stage, visitor: Visitor, tampering: Tampering, way: Way) {
  attacker.attack(usual(tampering));
  const until = (location: URL) => isHome(target, location) || (way.until?.(location) ?? false);
  return visitor.go(`https://${target.host}${target.start}`, { ...way, until });
}

export function isHome(target: Target, { host, pathname }: URL): boolean {
  return host === target.host && pathname === target.home;
}

/** Claims that make the attacker a great one. */
export function grand({ target }: Stage): (claims: Claims) => Claims {
  return (claims) => ({ ...claims, roles: [target.highRole], groups: [target.highRole] });
}

/** An attempt that wanted the high role. */
export function wantedRole({ target }: Stage, { who, answers }: SignedIn): Attempt {
  const got = who?.roles.includes(target.highRole) ?? false;
  return {
    got,
    how: `${who === undefined ? "nobody" : `roles ${who.roles.join(", ") || "none"}`}; ${ending(answers)}`,
  };
}
