import { sampleSignIn } from "../../testing/conditional-access.ts";
import type { Proofs } from "../evaluation.ts";
import type { DeviceFacts, SignInConditions, SignInFacts, SignInTarget } from "../sign-in.ts";
import type { ProofsCase, SignInCase } from "./case-shape.ts";

const ORDINARY = sampleSignIn().conditions;

/** A service principal has no device, client or person behind it: nobody knows those conditions. */
const ORDINARY_WORKLOAD: SignInConditions = {
  ipAddress: "203.0.113.10",
  country: "DE",
  servicePrincipalRiskLevel: "none",
};

/** The whole sign-in: by default that of `ana` to the application `app`. */
export function buildSignIn(found: SignInCase): SignInFacts {
  const { person, workload, applications, attributes, userAction, authenticationContext, unknown, device, ...said } =
    found;
  const conditions: Record<string, unknown> = { ...(workload === undefined ? ORDINARY : ORDINARY_WORKLOAD), ...said };
  if (device !== undefined)
    conditions.device =
      device === null ? null : ({ isCompliant: false, trustType: "Workplace", ...device } as DeviceFacts);
  for (const name of unknown ?? []) delete conditions[name];
  return {
    identity:
      workload === undefined
        ? {
            kind: "person",
            id: person?.id ?? "ana",
            ...(person?.guest === undefined ? {} : { guest: person.guest }),
            ...(person?.homeTenantId === undefined ? {} : { homeTenantId: person.homeTenantId }),
            groups: new Set(person?.groups),
            roles: new Set(person?.roles),
          }
        : { kind: "workload", ...workload },
    target: buildTarget({ applications, attributes, userAction, authenticationContext }),
    conditions: conditions as SignInConditions,
  };
}

function buildTarget(
  found: Pick<SignInCase, "applications" | "attributes" | "userAction" | "authenticationContext">,
): SignInTarget {
  if (found.userAction !== undefined) return { kind: "userAction", action: found.userAction };
  if (found.authenticationContext !== undefined)
    return { kind: "authenticationContext", value: found.authenticationContext };
  return {
    kind: "applications",
    clientIds: found.applications ?? ["app"],
    ...(found.attributes === undefined ? {} : { attributes: found.attributes }),
  };
}

/** What the person shows: by default an authenticator that is registered and the password alone. */
export function buildProofs(found: ProofsCase): Proofs {
  const { registered, method, ...said } = found;
  const shown = method ?? "none";
  return {
    registered: registered ?? (shown === "none" ? ["authenticator"] : [shown]),
    method: shown,
    ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<Proofs>),
  };
}
