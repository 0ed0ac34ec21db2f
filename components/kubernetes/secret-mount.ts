import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";

/** One secret of the vault and the file that it becomes. */
export interface MountedSecret {
  /** Name in the vault. */
  readonly secretName: string;
  /** File name below the mount path. @example "redis-password" */
  readonly file: string;
  /** Version in the vault, part of the pods' annotation, so that a rotation is a rollout that the preview shows. */
  readonly version: pulumi.Input<string>;
  /**
   * How the vault's text stands for the file's bytes: `base64` for a binary file, which the driver decodes.
   * @default "utf-8"
   */
  readonly encoding?: "utf-8" | "base64";
}

export interface SecretMountArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name of the SecretProviderClass. @example "superset" */
  readonly className: string;
  readonly vaultName: pulumi.Input<string>;
  readonly tenantId: string;
  /** Client id of the managed identity that reads the vault, federated with the pods' service account. */
  readonly clientId: pulumi.Input<string>;
  readonly secrets: readonly MountedSecret[];
  /** Folder of the files in the pod. @default "/mnt/secrets" */
  readonly mountPath?: string;
}

/** Key Vault secrets as files of a pod, by the Secrets Store CSI driver. No Kubernetes Secret is made. */
export class SecretMount extends pulumi.ComponentResource {
  /** Volume for the pod template. */
  readonly volume: core.v1.Volume;
  /** Mount for the container. Never with `subPath`, which would keep old values. */
  readonly volumeMount: core.v1.VolumeMount;
  /** Versions of all secrets in one text, for a pod annotation. */
  readonly versions: pulumi.Output<string>;

  constructor(name: string, args: SecretMountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:SecretMount", name, {}, opts);
    const provider = new CustomResource(
      name,
      {
        apiVersion: "secrets-store.csi.x-k8s.io/v1",
        kind: "SecretProviderClass",
        metadata: { name: args.className, namespace: args.namespace },
        spec: { provider: "azure", parameters: providerParameters(args) },
      },
      { parent: this },
    );
    this.volume = {
      name: "secrets",
      csi: {
        driver: "secrets-store.csi.k8s.io",
        readOnly: true,
        volumeAttributes: { secretProviderClass: provider.metadata.name },
      },
    };
    this.volumeMount = { name: "secrets", mountPath: args.mountPath ?? "/mnt/secrets", readOnly: true };
    this.versions = pulumi
      .all(args.secrets.map(({ file, version }) => pulumi.interpolate`${file}=${version}`))
      .apply((versions) => versions.join(","));
    this.registerOutputs({ versions: this.versions });
  }
}

/** Parameters of the driver's Azure provider, every one a string; `objects` is YAML whose items are YAML again. */
export function providerParameters(args: SecretMountArgs) {
  return {
    keyvaultName: args.vaultName,
    tenantID: args.tenantId,
    clientID: args.clientId,
    usePodIdentity: "false",
    useVMManagedIdentity: "false",
    objects: objectList(args.secrets),
  };
}

function objectList(secrets: readonly MountedSecret[]): string {
  const items = secrets.map(({ secretName, file, encoding = "utf-8" }) => {
    // The driver owns the files, so a non-root container needs the read bit; the volume lives in memory and in this pod alone.
    const lines = [
      `objectName: ${secretName}`,
      "objectType: secret",
      `objectAlias: ${file}`,
      ...(encoding === "utf-8" ? [] : [`objectEncoding: ${encoding}`]),
      'objectVersion: ""',
      'filePermission: "0444"',
    ];
    return ["  - |", ...lines.map((line) => `    ${line}`)].join("\n");
  });
  return ["array:", ...items, ""].join("\n");
}
