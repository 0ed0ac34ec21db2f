import type { Control, Proofs } from "./evaluation.ts";
import { METHODS, type MethodName } from "./methods.ts";
import type { DeviceFacts, SignInFacts } from "./sign-in.ts";

/** How a control stands in a sign-in. `open`: the person can still satisfy it; `impossible`: this sign-in cannot. */
export interface Standing {
  readonly state: "met" | "open" | "impossible";
  /** The AADSTS code that asks for the control, or refuses for want of it. */
  readonly code: number;
}

/** What a control is held against. */
export interface Shown {
  readonly proofs: Proofs;
  readonly device: DeviceFacts | null | undefined;
  /** False for legacy clients and for applications that sign in as themselves: there is nobody to ask. */
  readonly canAsk: boolean;
  /** False where the device that is asked is not the one that signs in. */
  readonly showsDevice: boolean;
}

/**
 * Methods that can be registered on the spot, in the wizard that interrupts a sign-in: Microsoft's combined registration
 * without those that https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strength-how-it-works#register-passwordless-authentication-methods
 * names as impossible there. Passkeys stand in that list, with a remark that strengths can enforce their registration; they
 * count as impossible here, so that a lock-out is told rather than hidden.
 */
export const REGISTRABLE_METHODS: readonly MethodName[] = ["authenticator", "oath", "sms", "voice"];

/** What `SignInFacts` say about how the sign-in can be answered. Unknown facts count as an ordinary interactive sign-in. */
export function answerable(facts: SignInFacts | undefined): Pick<Shown, "canAsk" | "showsDevice"> {
  const client = facts?.conditions.clientAppType;
  // "Sign-ins from legacy authentication clients don't support MFA and don't pass device state information" (concept-conditional-access-conditions).
  const isLegacy = client === "exchangeActiveSync" || client === "easSupported" || client === "other";
  const canAsk = !isLegacy && facts?.identity.kind !== "workload";
  // "When you use the device-code OAuth flow, the required grant control for the managed device isn't supported" (concept-conditional-access-grant).
  return { canAsk, showsDevice: canAsk && facts?.conditions.authenticationFlow !== "deviceCodeFlow" };
}

/**
 * How one control stands. Codes are those of https://learn.microsoft.com/entra/identity-platform/reference-error-codes and
 * https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access; the pages do not have 50142 (a password
 * change that Conditional Access demands) nor say which code ends a sign-in whose strength nobody can satisfy (53003 here).
 */
export function standing(control: Control, shown: Shown): Standing {
  const { proofs, device, canAsk, showsDevice } = shown;
  switch (control.kind) {
    case "mfa":
      return method(proofs.method !== "none", proofs.registered.length > 0, canAsk);
    case "strength":
      return strength(control.allowedCombinations, shown);
    case "compliantDevice":
      return shownOrNot(showsDevice && device?.isCompliant === true, 53000);
    case "domainJoinedDevice":
      return shownOrNot(showsDevice && device?.trustType === "ServerAD", 53001);
    case "approvedApplication":
      return shownOrNot(proofs.approvedApplication === true, 53002);
    case "compliantApplication":
      return shownOrNot(proofs.protectedApplication === true, 53009);
    case "passwordChange":
      return passwordChange(shown);
    case "termsOfUse":
      return asked(proofs.acceptedTerms?.includes(control.id) ?? false, canAsk, 50158);
    case "custom":
      return asked(false, canAsk, 50158);
  }
}

function shownOrNot(met: boolean, code: number): Standing {
  return { state: met ? "met" : "impossible", code };
}

function asked(met: boolean, possible: boolean, code: number): Standing {
  if (met) return { state: "met", code };
  return { state: possible ? "open" : "impossible", code };
}

/** 50076 asks for a method, 50079 for its registration. */
function method(met: boolean, isRegistered: boolean, canAsk: boolean): Standing {
  return asked(met, canAsk, isRegistered ? 50076 : 50079);
}

function strength(allowed: readonly string[], { proofs, canAsk }: Shown): Standing {
  const satisfies = (name: MethodName) => allowed.includes(METHODS[name]);
  const met = proofs.method === "none" ? allowed.includes("password") : satisfies(proofs.method);
  if (met || proofs.registered.some(satisfies)) return method(met, true, canAsk);
  return REGISTRABLE_METHODS.some(satisfies) ? method(false, false, canAsk) : { state: "impossible", code: 53003 };
}

/** "Users must have previously registered for multifactor authentication": a password is changed after a second factor only. */
function passwordChange({ proofs, canAsk }: Shown): Standing {
  const hasMethod = proofs.method !== "none" || proofs.registered.length > 0;
  return asked(proofs.passwordChanged === true, canAsk && hasMethod, 50142);
}
