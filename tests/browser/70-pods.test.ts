import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { describe, expect, it, vi } from "vitest";
import { kubeConfig } from "../sandbox/live.ts";
import { runnerProcesses } from "./processes.ts";
import { useCompany } from "./shared.ts";

const { company } = useCompany();
const { sandbox } = company;
const core = () => kubeConfig(sandbox).makeApiClient(CoreV1Api);

/** The pod of a Deployment that runs on this machine. */
async function podHere(namespace: string, part: string): Promise<V1Pod> {
  const { items } = await core().listNamespacedPod({ namespace });
  const found = items.find(
    ({ metadata, spec }) => metadata?.name?.startsWith(part) && spec?.nodeName === "sandbox-node-2",
  );
  if (!found) throw new Error(`No pod ${part}* of ${namespace} runs here.`);
  return found;
}

describe("a pod that runs on this machine", () => {
  it("is one of its Deployment's; its twin stays with the stand-in node", async () => {
    const { items } = await core().listNamespacedPod({ namespace: "superset" });
    const web = items.filter(({ metadata }) => metadata?.name?.startsWith("superset-web"));
    expect(web.map(({ spec }) => spec?.nodeName).sort()).toEqual(["sandbox-node-1", "sandbox-node-2"]);
  });

  it("shows its log where kubectl asks for it", async () => {
    const pod = await podHere("superset", "superset-web");
    const log = await core().readNamespacedPodLog({ name: pod.metadata?.name ?? "", namespace: "superset" });
    expect(log).toContain("GET /health");
  });

  it("is started again when its process ends, and the API server tells so", async () => {
    const pod = await podHere("reports", "reports-proxy-acme");
    const name = pod.metadata?.name ?? "";
    const address = { name, namespace: "reports" };
    const before = pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
    // By the address of its own host: every proxy has another one.
    const proxies = runnerProcesses(sandbox.layout).filter(({ args }) => args.startsWith("oauth2-proxy\0"));
    const [victim] = proxies.filter(({ environment }) => environment.includes(`HOSTNAME=${name}\0`));
    if (!victim) throw new Error(`No process of ${name} among ${proxies.length} proxies.`);
    process.kill(victim.pid, "SIGKILL");

    const status = async () => (await core().readNamespacedPod(address)).status?.containerStatuses?.[0];
    await vi.waitFor(async () => expect((await status())?.ready).toBe(false), 10_000);
    expect((await status())?.lastState?.terminated?.exitCode).toBe(137);
    // A kubelet starts it again at once the first time, and after 10 s the second.
    await vi.waitFor(
      async () => expect(await status()).toMatchObject({ ready: true, restartCount: before + 1 }),
      40_000,
    );
  });

  it("is counted as running by the command that scripts ask", async () => {
    const status = JSON.parse(await sandbox.ok("sandbox", "status", "--json"));
    expect(status.tools.superset).toEqual({ url: "https://superset.data.contoso.com", running: true });
  });
});
