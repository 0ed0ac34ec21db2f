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
      if (type.startsWith("pulumi:providers:")) {
        providers.set(urn, new Provider(type.split(":")[2] ?? "", name, inputs ?? {}));
      } else if (custom) {
        new Resource(type, name, revive(inputs ?? {}) as pulumi.Inputs, {
          provider: providers.get((provider ?? "").split("::").slice(0, 4).join("::")),
        });
      } else {
        new pulumi.ComponentResource(type, name);
      }
    }
  };
}

/** The state of those resources as if the flat program had made them: the same ids, no parents, no dependencies. */
export function flatState<R extends RecordedResource>(resources: readonly R[]): R[] {
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn;
  return resources.map((resource) => ({
    ...resource,
    urn: flatUrn(resource),
    ...(resource.type === "pulumi:pulumi:Stack" ? {} : { parent: stack }),
    provider: resource.provider,
    dependencies: [],
    propertyDependencies: {},
  }));
}

const nameOf = (urn: string) => urn.split("::").slice(3).join("::");

/** A URN whose type holds no parents' types. */
function flatUrn({ urn, type }: RecordedResource): string {
  const [head = "", project = ""] = urn.split("::");
  return `${head}::${project}::${type}::${nameOf(urn)}`;
}

/** Secrets stand in an export as an object with a signature and JSON text. */
function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value) return pulumi.secret(JSON.parse(value.plaintext as string));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)]));
}
