import * as pulumi from "@pulumi/pulumi";
import { Provider, Resource } from "../plain-resources.ts";

/** A resource as the engine's export holds it, with its secrets in the clear. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly provider?: string;
}

/** Registers the same resources with the same inputs, one after the other: no components, no settings, no model. */
export function flatProgram(resources: readonly RecordedResource[]): () => Promise<void> {
  return async () => {
    const providers = new Map<string, pulumi.ProviderResource>();
    for (const { urn, type, custom, inputs, provider } of resources) {
      const name = nameOf(urn);
      if (type === "pulumi:pulumi:Stack") continue;
      if (type.startsWith("pulumi:providers:")) {
        providers.set(urn, new Provider(type.split(":")[2] ?? "", name, inputs ?? {}));
      } else if (custom) {
        new Resource(type, name, revive(inputs ?? {}) as pulumi.Inputs, {
          provider: providers.get(splitReference(provider)[0]),
        });
      } else {
        new pulumi.ComponentResource(type, name);
      }
    }
  };
}

/** The state of those resources as if the flat program had made them in its own stack: the same ids, no parents, no dependencies. */
export function flatState<R extends RecordedResource>(resources: readonly R[], stack: string): R[] {
  const flatUrns = new Map(resources.map((resource) => [resource.urn, flatUrn(resource, stack)]));
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  return resources.map((resource) => {
    const [provider = "", id] = splitReference(resource.provider);
    return {
      ...resource,
      urn: flatUrns.get(resource.urn),
      ...(resource === root ? { outputs: {} } : { parent: root && flatUrns.get(root.urn) }),
      ...(id === undefined ? {} : { provider: `${flatUrns.get(provider)}::${id}` }),
      deletedWith: undefined,
      dependencies: [],
      propertyDependencies: {},
    };
  });
}

/** A provider reference is the provider's URN and its id. */
function splitReference(reference = ""): [urn: string, id: string | undefined] {
  const end = reference.lastIndexOf("::");
  return end < 0 ? [reference, undefined] : [reference.slice(0, end), reference.slice(end + 2)];
}

const nameOf = (urn: string) => urn.split("::").slice(3).join("::");

/** The resource's URN in the flat stack: no parents' types, and the root named after its stack. */
function flatUrn({ urn, type }: RecordedResource, stack: string): string {
  const [, project = ""] = urn.split("::");
  const name = type === "pulumi:pulumi:Stack" ? `${project}-${stack}` : nameOf(urn);
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}

/** Secrets stand in an export as an object with a signature and JSON text, in a preview's events with a text that hides it. */
function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value) return pulumi.secret(JSON.parse(value.plaintext as string));
  if ("ciphertext" in value) return pulumi.secret(value.ciphertext);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)]));
}
