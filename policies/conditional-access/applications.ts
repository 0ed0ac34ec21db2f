import { leadsTo } from "../core/links.ts";
import { remembered } from "../core/remembered.ts";
import type { StackSubject } from "../core/rule.ts";
import { elements } from "../core/values.ts";
import { mayHold, type Sides, sidesOf } from "./sides.ts";
import { applicationType, principalType } from "./types.ts";

/** What people sign in to: an application of the stack, or one that exists in every tenant. */
export type Target =
  | { readonly kind: "stack"; readonly application: StackSubject }
  | { readonly kind: "existing"; readonly clientId: string };

const redirects = ["web", "singlePageApplication", "publicClient"].map((platform) => `${platform}.redirectUris`);

/** The applications that people sign in to: those of the stack that take a code back, and the named ones. */
export function signInTargets(resources: readonly StackSubject[], existing: readonly string[]): readonly Target[] {
  const own = resources.filter(
    ({ type, props }) => type === applicationType && redirects.some((path) => elements(props, path).length > 0),
  );
  return [
    ...own.map((application): Target => ({ kind: "stack", application })),
    ...existing.map((clientId): Target => ({ kind: "existing", clientId })),
  ];
}

/** How messages call a target. */
export function nameOf(target: Target): string {
  return JSON.stringify(target.kind === "stack" ? target.application.name : target.clientId);
}

/** Whether a policy is about an application. What a preview cannot tell yet counts as yes. */
export function isAbout(policy: StackSubject, target: Target, resources: readonly StackSubject[]): boolean {
  const sides = applicationSides(policy, resources);
  const holds = (side: Sides["included"]) =>
    target.kind === "stack"
      ? side.resources.includes(target.application)
      : side.strangers.some((id) => id.toLowerCase() === target.clientId.toLowerCase());
  if (holds(sides.excluded)) return false;
  if (sides.included.strangers.includes("All") || holds(sides.included)) return true;
  return target.kind === "stack" ? mayHold(sides.included, target.application) : sides.included.untold;
}

/** A client id comes from the registration, or from its enterprise application, which has the same. */
export const applicationSides = remembered((policy, resources): Sides => {
  const applications = resources.filter(({ type }) => type === applicationType);
  const aliases = (application: StackSubject) => principalsOf(application, resources).map(({ urn }) => urn);
  return sidesOf(policy, "applications", applications, { aliases });
});

/** The enterprise applications of a registration; without one nobody can sign in to it. */
export const principalsOf = remembered((application, resources): readonly StackSubject[] =>
  resources.filter((one) => one.type === principalType && leadsTo(one, "clientId", application, ["clientId"])),
);
