import type {
  Policy,
  PolicyConfigSchema,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isExcepted, watched } from "../exceptions/ledger.ts";
import { complianceFramework, type Mapping, mappingTag } from "./frameworks.ts";
import { isOneOf, unversioned } from "./resource-type.ts";

/** What a rule says about itself: in violations, in the pack's catalogue and in docs/policies.md. */
export interface RuleText {
  /** Lower-case with dashes; the key in a configuration file, so it does not change. */
  readonly name: string;
  readonly title: string;
  /** What holds when the rule is met, as one sentence. Shown above each violation. */
  readonly what: string;
  /** What goes wrong otherwise. */
  readonly why: string;
  /** The usual way to meet it. */
  readonly fix: string;
  readonly severity: Severity;
  /** The vendor's own page on the matter. */
  readonly url: string;
  readonly mappings?: readonly Mapping[];
}

/** A rule's settings: JSON Schema per key, each with a default, so that a rule also works without a configuration file. */
export type ConfigProperties<C> = {
  readonly [K in keyof C]: PolicyConfigSchema["properties"][string] & {
    readonly default: C[K];
    readonly description: string;
  };
};

/** A resource as rules see it. Its properties are read with core/values.ts only. */
export interface Subject {
  /** Without the API version. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: unknown;
}

/** A resource of the whole stack, with the resources its properties come from. */
export interface StackSubject extends Subject {
  /** URNs that a property's value depends on; filled even while the value itself is unknown. */
  dependenciesOf(property: string): readonly string[];
  /** Whether the program's option `protect` keeps Pulumi from deleting it. */
  readonly isProtected: boolean;
}

/** One thing that is not as it should be. No part of it may hold a secret's value. */
export interface Finding {
  /** Path of the property. */
  readonly at: string;
  readonly found: string;
  readonly wanted: string;
  /** When the rule's usual fix is not the one. */
  readonly fix?: string;
}

/** A policy, with what the SDK's own type has no room for. */
export interface Rule {
  readonly text: RuleText;
  /** Resource types without versions; `package:*` for all of a package. */
  readonly types: readonly string[];
  /** `stack` rules run when everything is registered: in a preview before anything is made, in a bare `up` after it. */
  readonly scope: "resource" | "stack";
  /** Its settings when a configuration file says nothing. */
  readonly defaults: object;
  readonly policy: ResourceValidationPolicy | StackValidationPolicy;
}

interface Common<C> {
  readonly types: readonly string[];
  readonly config?: ConfigProperties<C>;
}

function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

/** The sentence that a person reads: which resource, what was found, what is wanted, what to do. */
export function violationText(text: RuleText, subject: Subject, finding: Finding): string {
  const fix = finding.fix ?? text.fix;
  return `${kindOf(subject.type)} "${subject.name}": ${finding.at} is ${finding.found}; wanted: ${finding.wanted}. Fix: ${fix}`;
}

/** Reports findings, but for those that an exception covers. */
function reporter(text: RuleText, report: (message: string, urn: string) => void) {
  return (subject: Subject, finding: Finding): void => {
    const message = violationText(text, subject, finding);
    if (!isExcepted(text.name, subject.urn, message)) report(message, subject.urn);
  };
}

/**
 * A rule that throws would end the whole operation with an RPC error, so the crash becomes a violation. The error's own
 * message stays out of it, because it may quote a value.
 */
function crashText(text: RuleText, error: unknown): string {
  const kind = error instanceof Error ? error.name : typeof error;
  const place =
    error instanceof Error ? /([\w.-]+\.[cm]?[jt]s:\d+)/.exec(error.stack?.split("\n    at ")[1] ?? "") : null;
  return `The rule ${text.name} itself failed (${kind}${place ? ` at ${place[1]}` : ""}), so nothing is known about this resource. Fix: repair the rule, or set it to "disabled" in the policy configuration until then.`;
}

function defaultsOf<C extends object>(config: ConfigProperties<C> | undefined): C {
  return Object.fromEntries(
    Object.entries<{ default: unknown }>(config ?? {}).map(([key, schema]) => [key, schema.default]),
  ) as C;
}

function metadata<C>(text: RuleText, config: ConfigProperties<C> | undefined): Policy {
  const mappings = text.mappings ?? [];
  const framework = complianceFramework(mappings);
  return {
    name: text.name,
    displayName: text.title,
    description: text.what,
    severity: text.severity,
    remediationSteps: text.fix,
    url: text.url,
    enforcementLevel: "mandatory",
    tags: mappings.map(mappingTag),
    ...(framework ? { framework } : {}),
    ...(config ? { configSchema: { properties: { ...config } } } : {}),
  };
}

/**
 * Says that a rule has nothing to do with a resource, as most have not: with 80 tools that is 200,000 times. The SDK throws an error
 * for it whose stack nobody reads, and sends the reason to the engine each time, so the one is left out and the other short.
 */
function passOver(args: ResourceValidationArgs): never {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return args.notApplicable("another type");
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** A rule about one resource's inputs. It stops that resource in `up`, and everything in a preview. */
export function resourceRule<C extends object = object>(
  text: RuleText,
  options: Common<C> & { check(subject: Subject, report: (finding: Finding) => void, config: C): void },
): Rule {
  const { types, config, check } = options;
  const defaults = defaultsOf(config);
  const validateResource: ResourceValidation & { __pulumiType?: string } = (args, report) => {
    if (!isOneOf(args.type, types)) passOver(args);
    const subject: Subject = { type: unversioned(args.type), name: args.name, urn: args.urn, props: args.props };
    try {
      const settings = { ...defaults, ...args.getConfig<Partial<C>>() };
      const one = reporter(text, (message) => report(message));
      watched(text.name, [subject.urn], () => check(subject, (finding) => one(subject, finding), settings));
    } catch (error) {
      report(crashText(text, error));
    }
  };
  // With the type attached, the SDK skips other resources before it unpacks their properties. Only for types that have no
  // versioned spellings: the comparison there is exact.
  const [only] = types;
  if (types.length === 1 && only?.startsWith("azuread:")) validateResource.__pulumiType = only;
  const policy: ResourceValidationPolicy = { ...metadata(text, config), validateResource };
  return { text, types, scope: "resource", defaults, policy };
}

/** A rule about how resources of a stack go together; `check` gets only those of the rule's types. */
export function stackRule<C extends object = object>(
  text: RuleText,
  options: Common<C> & {
    /** The one type without which there is nothing to check; the SDK then skips stacks that have none. No versioned types. */
    readonly needs?: string;
    check(
      resources: readonly StackSubject[],
      report: (subject: StackSubject, finding: Finding) => void,
      config: C,
    ): void;
  },
): Rule {
  const { types, config, needs, check } = options;
  const defaults = defaultsOf(config);
  const validateStack: StackValidation & { __pulumiType?: string } = (args, report) => {
    try {
      const subjects = args.resources
        .filter((resource) => isOneOf(resource.type, types))
        .map(
          (resource): StackSubject => ({
            type: unversioned(resource.type),
            name: resource.name,
            urn: resource.urn,
            props: resource.props,
            dependenciesOf: (property) => (resource.propertyDependencies[property] ?? []).map((one) => one.urn),
            isProtected: resource.opts.protect,
          }),
        );
      const settings = { ...defaults, ...args.getConfig<Partial<C>>() };
      const urns = subjects.map(({ urn }) => urn);
      watched(text.name, urns, () => check(subjects, reporter(text, report), settings));
    } catch (error) {
      report(crashText(text, error));
    }
  };
  // Each stack rule has every resource unpacked anew, so a rule that has nothing to look at is skipped before that.
  if (needs !== undefined) validateStack.__pulumiType = needs;
  const policy: StackValidationPolicy = { ...metadata(text, config), validateStack };
  return { text, types, scope: "stack", defaults, policy };
}
