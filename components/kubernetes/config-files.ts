import { createHash } from "node:crypto";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";

export interface ConfigFilesArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name of the ConfigMap. @example "superset-settings" */
  readonly mapName: string;
  /** File name → content, plain text without secrets and without values that are known only after a deployment. */
  readonly files: Readonly<Record<string, string>>;
}

/** Files for pods, as a ConfigMap. */
export class ConfigFiles extends pulumi.ComponentResource {
  readonly mapName: pulumi.Output<string>;

  constructor(name: string, args: ConfigFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:ConfigFiles", name, {}, opts);
    const map = new ConfigMap(
      name,
      { metadata: { name: args.mapName, namespace: args.namespace }, data: { ...args.files } },
      { parent: this },
    );
    this.mapName = map.metadata.name;
    this.registerOutputs({ mapName: this.mapName });
  }
}

/** A hash that follows from texts alone, for annotations and names that shall change with them. */
export function hashOf(...texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}
