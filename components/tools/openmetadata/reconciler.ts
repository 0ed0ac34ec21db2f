import * as pulumi from "@pulumi/pulumi";
import type { ToolRole } from "../../../model/tool-contract.ts";
import { ConfigFiles, hashOf } from "../../kubernetes/config-files.ts";
import { CronJob } from "../../kubernetes/cron-job.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";
import { DirectoryReader } from "../../reconciler/directory-reader.ts";
import type { ToolEnvironment } from "../environment.ts";
import { createPodIdentity } from "../pod-identity.ts";
import { reconcilerFiles } from "./files.ts";
import { type JobPodArgs, reconcilePod } from "./pods.ts";
import type { OpenMetadataSettings } from "./settings.ts";

/** Service account of the reconciler. It alone may read the directory. */
const ACCOUNT = "openmetadata-reconciler";

export interface ReconcilerArgs extends Pick<JobPodArgs, "settingsMap" | "registrationClientId" | "keyId"> {
  /** The tool's id. */
  readonly tool: string;
  readonly namespace: pulumi.Input<string>;
  readonly settings: OpenMetadataSettings;
  readonly roles: readonly ToolRole[];
  readonly environment: ToolEnvironment;
  /** The server's private key. */
  readonly privateKey: MountedSecret;
  /** Object id of the enterprise application, whose assignments count. */
  readonly servicePrincipalId: pulumi.Input<string>;
}

/** Takes leavers out of OpenMetadata, and roles from people who lost them; OpenMetadata itself only ever adds. */
export class Reconciler extends pulumi.ComponentResource {
  constructor(name: string, args: ReconcilerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:openmetadata:Reconciler", name, {}, opts);
    const { tool, namespace, settings, roles, environment } = args;
    const child = { parent: this };
    const identity = createPodIdentity(
      name,
      {
        identity: ACCOUNT,
        account: ACCOUNT,
        namespaceName: settings.namespace,
        namespace,
        environment,
        secrets: [args.privateKey],
      },
      child,
    );
    const directory = new DirectoryReader(`${name}-directory`, { principalId: identity.principalId }, child);
    const files = reconcilerFiles(tool, settings, roles);
    const { mapName } = new ConfigFiles(
      `${name}-files`,
      { namespace, mapName: "openmetadata-reconcile", files },
      child,
    );
    const pod = reconcilePod({
      image: settings.jobs.image,
      serviceAccountName: identity.accountName,
      settingsMap: args.settingsMap,
      jobsMap: mapName,
      secrets: identity.mount,
      registrationClientId: args.registrationClientId,
      keyId: args.keyId,
      configHash: hashOf(settings.jobs.image, ...Object.values(files)),
      namespace: settings.namespace,
      federation: identity.federation,
      servicePrincipalId: args.servicePrincipalId,
    });
    new CronJob(
      `${tool}-reconcile`,
      { namespace, jobName: "openmetadata-reconcile", every: settings.reconcile.every, pod },
      { ...child, dependsOn: [...identity.ready, directory] },
    );
    this.registerOutputs({});
  }
}
