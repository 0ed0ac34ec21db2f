import * as pulumi from "@pulumi/pulumi";
import { OneTimeJob } from "../../kubernetes/one-time-job.ts";
import { Workload } from "../../kubernetes/workload.ts";
import type { PodIdentity } from "../pod-identity.ts";
import { accountsPod, SERVICE, serverPod } from "./pods.ts";
import { SERVER_PORT } from "./server-config.ts";
import type { OpenMetadataSettings } from "./settings.ts";

export interface ServerArgs {
  /** The tool's id, the first part of the resources' names. */
  readonly tool: string;
  readonly namespace: pulumi.Input<string>;
  readonly settings: OpenMetadataSettings;
  /** Client id of the registration. */
  readonly clientId: pulumi.Input<string>;
  /** Name of the server's public key. */
  readonly keyId: pulumi.Input<string>;
  /** Who the server's pods are. */
  readonly server: PodIdentity;
  /** Who the pods are that talk to it. */
  readonly jobs: PodIdentity;
  /** ConfigMaps: what the server's container runs, what everybody is told, and the jobs' scripts. */
  readonly configMap: pulumi.Input<string>;
  readonly settingsMap: pulumi.Input<string>;
  readonly jobsMap: pulumi.Input<string>;
  /** Changes with everything that pods read at their start. */
  readonly configHash: string;
}

/** Migrations, then the server, then the job that closes the shipped accounts and looks whether all is as it was told. */
export class Server extends pulumi.ComponentResource {
  /** Name of the Service. */
  readonly service: pulumi.Output<string>;

  constructor(name: string, args: ServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:openmetadata:Server", name, {}, opts);
    const { tool, namespace, settings, server, jobs, settingsMap, keyId, configHash } = args;
    const shared = { settingsMap, registrationClientId: args.clientId, keyId, configHash };
    const pods = {
      ...shared,
      image: settings.image,
      serviceAccountName: server.accountName,
      configMap: args.configMap,
      secrets: server.mount,
      client: settings.client,
    };
    const migrate = new OneTimeJob(
      `${tool}-migrate`,
      { namespace, jobName: "openmetadata-migrate", pod: serverPod("migrate", pods), deadlineSeconds: 1800 },
      { parent: this, dependsOn: [...server.ready] },
    );
    const workload = new Workload(
      name,
      {
        namespace,
        workloadName: "openmetadata",
        pod: serverPod("server", pods),
        scale: settings.replicas,
        service: { serviceName: SERVICE, port: SERVER_PORT, targetPort: SERVER_PORT },
      },
      { parent: this, dependsOn: [migrate] },
    );
    const accounts = accountsPod({
      ...shared,
      image: settings.jobs.image,
      serviceAccountName: jobs.accountName,
      jobsMap: args.jobsMap,
      secrets: jobs.mount,
      namespace: settings.namespace,
    });
    new OneTimeJob(
      `${tool}-accounts`,
      { namespace, jobName: "openmetadata-accounts", pod: accounts },
      { parent: this, dependsOn: [...jobs.ready, workload] },
    );
    this.service = workload.serviceName ?? pulumi.output(SERVICE);
    this.registerOutputs({ service: this.service });
  }
}
