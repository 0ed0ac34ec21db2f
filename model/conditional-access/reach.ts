import { applications, conditions } from "./blank.ts";
import { evaluate } from "./evaluate.ts";
import type { Control } from "./evaluation.ts";
import type { GridEntry } from "./grid.ts";
import { METHOD_NAMES, METHODS, type MethodName } from "./methods.ts";
import { signInConditions } from "./played.ts";
import type { ConditionalAccessPolicy } from "./policy.ts";
import { rulesOf, type Scene, type ScenePerson } from "./scene.ts";
import type { DeviceFacts, PersonIdentity, SignInConditions } from "./sign-in.ts";
import { decide } from "./verdict.ts";

/** Whether somebody gets in at all. */
export interface Reach {
  readonly open: boolean;
  /** Where nothing opens: for each condition, display names of the policies behind the block. */
  readonly because: readonly (readonly string[])[];
  /** Where nothing opens, and some condition asks for nothing but another method: the methods that would do. */
  readonly wanted: readonly MethodName[];
}

/** Everything that a policy can ask of a device; the played conditions have no device that is both. */
const BEST_DEVICE: DeviceFacts = { isCompliant: true, trustType: "ServerAD", deviceOwnership: "Company" };

/** Tries every condition with every method that the person has, and stops at the first that is not blocked. */
export function reach(
  { evaluator, home }: Pick<Scene, "evaluator" | "home">,
  { identity, registered }: Pick<ScenePerson, "identity" | "registered">,
  target: string,
  grid: readonly GridEntry[],
): Reach {
  const because: (readonly string[])[] = [];
  const wanted = new Set<MethodName>();
  const tried = grid.map(({ conditions }) => signInConditions(conditions, home));
  for (const conditions of [...tried, ...tried.map(onBestDevice)]) {
    const evaluation = evaluator.evaluate({
      identity,
      target: { kind: "applications", clientIds: [target] },
      conditions,
    });
    const tries = (methods: readonly MethodName[]) =>
      (["none", ...methods] as const).map((method) =>
        decide(evaluation, { registered: methods, method }, conditions.device),
      );
    const verdicts = tries(registered);
    if (verdicts.some(({ outcome }) => outcome !== "block")) return { open: true, because: [], wanted: [] };
    // The fewest names: with a method shown, what was only to be asked for is out of the way.
    because.push(
      [...verdicts.map((verdict) => verdict.because)].sort((one, other) => one.length - other.length)[0] ?? [],
    );
    const withAny = tries(METHOD_NAMES).some(({ outcome }) => outcome !== "block");
    const strengths = evaluation.enforced.grants.flatMap(({ controls }) => controls);
    if (withAny) for (const method of takenBy(strengths)) wanted.add(method);
  }
  return { open: false, because, wanted: [...wanted] };
}

/**
 * The policies that keep people out: each one without which somebody would get in; where it takes more than one, those that stand
 * in the way under the condition with the fewest.
 * @param shut what `reach` found of each of the people
 */
export function guiltyPolicies(
  scene: Pick<Scene, "declared" | "locations" | "home">,
  people: readonly ScenePerson[],
  target: string,
  grid: readonly GridEntry[],
  shut: readonly Reach[],
): string[] {
  const alone = scene.declared.filter((one) => {
    const rest = scene.declared.filter((other) => other !== one);
    const { evaluator } = rulesOf(rest, scene.locations);
    return people.some((person) => reach({ evaluator, home: scene.home }, person, target, grid).open);
  });
  if (alone.length > 0) return alone.map(({ policy }) => policy.displayName);
  const fewest = shut.flatMap(({ because }) => because).toSorted((one, other) => one.length - other.length)[0];
  return [...(fewest ?? [])];
}

/** Whether a policy's users hold this person, whatever else the policy asks for. */
export function touches(policy: ConditionalAccessPolicy, identity: PersonIdentity): boolean {
  const { users } = policy.conditions;
  const about: ConditionalAccessPolicy = {
    ...policy,
    state: "enabled",
    conditions: conditions({ users, applications: applications(["All"]) }),
  };
  const { results } = evaluate([about], [], {
    identity,
    target: { kind: "applications", clientIds: ["any"] },
    conditions: {},
  });
  return results.some(({ applies }) => applies);
}

function onBestDevice(conditions: SignInConditions): SignInConditions {
  return { ...conditions, device: BEST_DEVICE };
}

/** The methods that every strength among the controls allows; none where there is no strength. */
function takenBy(controls: readonly Control[]): MethodName[] {
  const strengths = controls.filter((control) => control.kind === "strength");
  if (strengths.length === 0) return [];
  return METHOD_NAMES.filter((method) =>
    strengths.every(({ allowedCombinations }) => allowedCombinations.includes(METHODS[method])),
  );
}
