import type {
  PolicyResource,
  PolicyResourceOptions,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Rule } from "../core/rule.ts";
import { unknownText } from "../core/values.ts";
import { withRefs } from "../examples/example.ts";
import { unknownCheckingProxy } from "./proxy.ts";

/** A resource as a test writes it down. */
export interface Sample {
  readonly type: string;
  readonly props: object;
  readonly name?: string;
  /** The resource option. @default false */
  readonly protect?: boolean;
  /**
   * Property → name of the sample that its value comes from. Stack rules only. A dotted path leads into the properties; what
   * stands there is unknown, as in a first preview.
   */
  readonly refs?: Readonly<Record<string, string>>;
}

/** Thrown where the SDK would mark a rule as not applicable to a resource. */
export class NotApplicable extends Error {}

const opts: PolicyResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

function notApplicable(reason?: string): never {
  throw new NotApplicable(reason);
}

/** The URN that a sample gets. */
export function urnOf({ type, name = "sample" }: Sample): string {
  return `urn:pulumi:test::entrada::${type}::${name}`;
}

function common(sample: Sample) {
  return {
    type: sample.type,
    name: sample.name ?? "sample",
    urn: urnOf(sample),
    props: unknownCheckingProxy(sample.props),
    opts: { ...opts, protect: sample.protect ?? false },
    isType: () => false,
    asType: () => undefined,
  };
}

/** Runs a resource rule as the policy server does, the proxy that throws on unknowns included. Returns its messages. */
export function messages(rule: Rule, sample: Sample, config: object = {}): readonly string[] {
  const found: string[] = [];
  const args: ResourceValidationArgs = {
    ...common(sample),
    stackTags: new Map(),
    getConfig: <T extends object>() => config as T,
    notApplicable,
  };
  const { validateResource } = rule.policy as ResourceValidationPolicy;
  if (typeof validateResource !== "function") throw new Error(`${rule.text.name} is no resource rule`);
  void validateResource(args, (message) => found.push(String(message)));
  return found;
}

/** A sample with unknowns inside its properties, where values come from others. */
function previewed(sample: Sample): Sample {
  const inner = Object.keys(sample.refs ?? {}).filter((path) => path.includes("."));
  const unknowns = Object.fromEntries(inner.map((path) => [path, unknownText]));
  return { ...sample, props: withRefs({ ...sample.props }, unknowns) };
}

/** Runs a stack rule over samples. Returns its messages, each with the URN it is about. */
export function stackMessages(rule: Rule, samples: readonly Sample[], config: object = {}): readonly string[] {
  const found: string[] = [];
  const resources = samples.map(
    (sample): PolicyResource => ({ ...common(previewed(sample)), dependencies: [], propertyDependencies: {} }),
  );
  for (const [at, { refs = {} }] of samples.entries()) {
    const resource = resources[at];
    for (const [path, name] of Object.entries(refs)) {
      const [property = ""] = path.split(".");
      const origins = resources.filter((one) => one.name === name);
      if (resource === undefined) continue;
      resource.propertyDependencies[property] = [...(resource.propertyDependencies[property] ?? []), ...origins];
    }
  }
  const { validateStack } = rule.policy as StackValidationPolicy;
  void validateStack(
    { resources, stackTags: new Map(), getConfig: <T extends object>() => config as T, notApplicable },
    (message, urn) => found.push(`${urn ?? ""} ${String(message)}`),
  );
  return found;
}
