import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { sandboxFetch } from "../../../cli/sign-in/network.ts";
import { KubernetesClient } from "../../../sandbox/cluster/client.ts";
import { serviceAccountToken } from "../../../sandbox/cluster/index.ts";
import { readKubeconfig } from "../../../sandbox/cluster/kubeconfig.ts";
import { openAuthority } from "../../../sandbox/network/authority.ts";
import { RUNNER_NODE } from "../../../sandbox/runner/node.ts";
import { control } from "../../../sandbox/supervisor/control-client.ts";
import type { TestSandbox } from "../../sandbox/harness.ts";
import { deployerGraph, directory, kubeConfig } from "../../sandbox/live.ts";
import { type LocalAccount, makeLocalAccount } from "./accounts.ts";
import { type Attacker, startAttacker } from "./attacker.ts";
import type { Stage } from "./attacks/index.ts";
import type { Protection } from "./protections/index.ts";
import { AIRFLOW, SUPERSET, TARGETS, type Target } from "./targets.ts";
import { Visitor } from "./visitor.ts";
import { type Hand, removeProtections } from "./weaken.ts";

const LOW = "clara.dubois@contoso.com";
const OTHER = "sofia.rossi@contoso.com";
/** Administrator of Superset and Airflow; of the reports, somebody who may publish. */
const HIGH: Record<Target["id"], string> = {
  superset: "ana.lima@contoso.com",
  airflow: "ana.lima@contoso.com",
  reports: "mei.tanaka@contoso.com",
};
const AUDIENCE = "api://AzureADTokenExchange";
/** As long as a tool may take to start on a busy machine. */
const START_MS = 180_000;

/** The running company with the attacker in its midst. */
export class Scene {
  private readonly removed = new Map<Target, () => Promise<void>>();
  private readonly accounts = new Map<Target["id"], LocalAccount>();

  private constructor(
    private readonly sandbox: TestSandbox,
    readonly attacker: Attacker,
    private readonly hand: Hand,
    private readonly clientIds: Readonly<Record<Target["id"], string>>,
    private readonly trigger: Stage["trigger"],
  ) {}

  /** Puts the attacker between all and Entra. `close` has to take it away again. */
  static async open(sandbox: TestSandbox): Promise<Scene> {
    const { layout, record } = sandbox;
    const attacker = await startAttacker({
      proxy: record.proxy,
      authority: await openAuthority(layout.network),
      emulatorFolder: layout.emulator,
    });
    try {
      const ids = await Promise.all(TARGETS.map(async (target) => [target.id, await clientIdOf(sandbox, target)]));
      const clientIds = Object.fromEntries(ids) as Record<Target["id"], string>;
      const { entra, own } = attacker.forger.publicKeys;
      const hand: Hand = {
        kubernetes: new KubernetesClient(readKubeconfig(readFileSync(record.kubeconfig, "utf8"))),
        graph: await deployerGraph(sandbox),
        known: { tenantId: record.tenantId, entraKeys: entra, attackerKey: own },
        clientId: (target) => clientIds[target.id],
        otherSubject: (target) => {
          const { namespace, account } = otherPod(target);
          return `system:serviceaccount:${namespace}:${account}`;
        },
      };
      const scene = new Scene(sandbox, attacker, hand, clientIds, await triggerOf(sandbox));
      await control(record, "POST", "/routes", { owner: "attacker", routes: attacker.routes });
      return scene;
    } catch (error) {
      await attacker.close();
      throw error;
    }
  }

  /** What an attack on a tool works with. */
  stage(target: Target): Stage {
    const { sandbox, attacker, clientIds } = this;
    const { record } = sandbox;
    const fetch = sandboxFetch(record);
    const { namespace, account } = otherPod(target);
    const high = HIGH[target.id];
    return {
      target,
      attacker,
      tenantId: record.tenantId,
      clientId: clientIds[target.id],
      otherClientId: clientIds[target.id === "superset" ? "airflow" : "superset"],
      low: LOW,
      other: OTHER,
      high,
      highName: target.id === "reports" ? high : objectId(sandbox, high),
      trigger: target.id === "airflow" ? this.trigger : undefined,
      account: this.accounts.get(target.id),
      visitor: () => new Visitor(fetch),
      otherPodToken: () => serviceAccountToken(record.kubeconfig, namespace, account, AUDIENCE),
    };
  }

  /** An administrator gives an account a well-known password in a tool. */
  async makeLocalAccount(target: Target): Promise<void> {
    const made = await makeLocalAccount(target, async () => {
      const visitor = this.stage(target).visitor();
      this.attacker.attack({});
      await visitor.go(`https://${target.host}${target.start}`, { as: HIGH[target.id], until: homeOf(target) });
      return visitor;
    });
    if (made !== undefined) this.accounts.set(target.id, made);
  }

  /** Removes protections of some tools, puts back what an earlier call removed of them, and starts their pods anew. */
  async removeProtections(targets: readonly Target[], which: (one: Protection) => boolean): Promise<void> {
    await this.putBack(targets);
    for (const target of targets) this.removed.set(target, await removeProtections(this.hand, target, which));
    await this.restart(targets);
  }

  /** The pods do not know of it until they start anew. */
  private async putBack(targets: Iterable<Target>): Promise<void> {
    for (const target of targets) {
      await this.removed.get(target)?.();
      this.removed.delete(target);
    }
  }

  /** Puts everything back, takes away what the attacks left, and the attacker. */
  async close(): Promise<void> {
    try {
      const changed = [...this.removed.keys()];
      await this.putBack(changed);
      await this.restart(changed);
      for (const account of this.accounts.values()) await account.remove();
    } finally {
      await control(this.sandbox.record, "POST", "/routes", { owner: "attacker", routes: {} });
      await this.attacker.close();
      await this.hand.kubernetes.close();
    }
  }

  /** Starts the pods anew that people reach, and waits until they answer. */
  private async restart(targets: Iterable<Target>): Promise<void> {
    const core = kubeConfig(this.sandbox).makeApiClient(CoreV1Api);
    const old = await this.pods(targets);
    await Promise.all(
      old.map(({ metadata }) =>
        core.deleteNamespacedPod({ name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" }),
      ),
    );
    const gone = new Set(old.map(({ metadata }) => metadata?.uid));
    const until = Date.now() + START_MS;
    for (;;) {
      const pods = await this.pods(targets);
      const ready = pods.filter((pod) => !gone.has(pod.metadata?.uid) && isReady(pod));
      if (pods.length === old.length && ready.length === old.length) return;
      if (Date.now() > until)
        throw new Error(`After ${START_MS / 1000} s ${ready.length} of ${old.length} pods are ready.`);
      await delay(250);
    }
  }

  /** The pods of the attacked Deployments that really run. */
  private async pods(targets: Iterable<Target>): Promise<V1Pod[]> {
    const core = kubeConfig(this.sandbox).makeApiClient(CoreV1Api);
    const lists = [...targets].map(async ({ namespace, deployment }) => {
      const { items } = await core.listNamespacedPod({ namespace, fieldSelector: `spec.nodeName=${RUNNER_NODE}` });
      return items.filter(({ metadata }) => isOf(deployment, metadata?.name ?? ""));
    });
    return (await Promise.all(lists)).flat();
  }
}

/** By the names that a Deployment's ReplicaSet gives: the proxy of a partner begins with the same words. */
function isOf(deployment: string, pod: string): boolean {
  return pod.startsWith(`${deployment}-`) && pod.slice(deployment.length + 1).split("-").length === 2;
}

function homeOf(target: Target) {
  return ({ host, pathname }: URL): boolean => host === target.host && pathname === target.home;
}

function isReady({ status }: V1Pod): boolean {
  return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/** The pod in which the attacker runs code: another tool's. */
function otherPod({ id }: Target): { readonly namespace: string; readonly account: string } {
  const { namespace } = id === "superset" ? AIRFLOW : SUPERSET;
  return { namespace, account: namespace };
}

async function clientIdOf(sandbox: TestSandbox, target: Target): Promise<string> {
  const variables = await variablesOf(sandbox, target);
  const found = variables.ENTRA_CLIENT_ID ?? variables.OAUTH2_PROXY_CLIENT_ID;
  if (found === undefined) throw new Error(`${target.deployment} has no client id.`);
  return found;
}

/** The first application that may ask Airflow for tokens, as Airflow's pod knows it. */
async function triggerOf(sandbox: TestSandbox): Promise<Stage["trigger"]> {
  const { ENTRADA_TRIGGER_CLIENTS = "" } = await variablesOf(sandbox, AIRFLOW);
  const [name = "", clientId] = ENTRADA_TRIGGER_CLIENTS.split(",")[0]?.split("=") ?? [];
  const core = kubeConfig(sandbox).makeApiClient(CoreV1Api);
  const { data } = await core.readNamespacedConfigMap({ name: "airflow-settings", namespace: AIRFLOW.namespace });
  const { triggers } = JSON.parse(data?.["settings.json"] ?? "{}") as { triggers: Record<string, { appRole: string }> };
  const appRole = triggers[name]?.appRole;
  return clientId === undefined || appRole === undefined ? undefined : { clientId, appRole };
}

async function variablesOf(sandbox: TestSandbox, { namespace, deployment }: Target): Promise<Record<string, string>> {
  const apps = kubeConfig(sandbox).makeApiClient(AppsV1Api);
  const { spec } = await apps.readNamespacedDeployment({ name: deployment, namespace });
  const variables = spec?.template.spec?.containers[0]?.env ?? [];
  return Object.fromEntries(variables.map(({ name, value = "" }) => [name, value]));
}

function objectId(sandbox: TestSandbox, upn: string): string {
  const found = Object.values(directory(sandbox).users).find(({ userPrincipalName }) => userPrincipalName === upn);
  if (found === undefined) throw new Error(`The directory has no ${upn}.`);
  return found.id;
}
