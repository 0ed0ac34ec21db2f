import { describe, expect, test, vi } from "vitest";
import { claimNamespaces, RUNNER_SCHEDULER, releaseNamespaces } from "./admission.ts";
import { releaseCluster, removeJobCopies } from "./release.ts";
import { type Call, fakeApi, ownedPod } from "./testing.ts";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const POLICY = `${GROUP}/mutatingadmissionpolicies/entrada-runner`;
const BINDING = `${GROUP}/mutatingadmissionpolicybindings/entrada-runner`;
const NODE = "/api/v1/nodes/sandbox-node-2";
const LEASE = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/sandbox-node-2";
const policy = (...values: string[]) => ({
  spec: { matchConstraints: { namespaceSelector: { matchExpressions: [{ values }] } } },
});
const isDryRun = ({ method, query }: Call) => method === "POST" && query?.dryRun === "All";

describe("giving the cluster back", () => {
  test("takes away the policy, the Jobs' copies, the pods and the node, and nothing that changed its life meanwhile", async () => {
    const { client, calls, changes } = fakeApi((call) => {
      if (call.path === POLICY && call.method === "GET") return undefined;
      if (call.path === "/apis/batch/v1/jobs") return { items: [{ metadata: { name: "x-run", namespace: "bi" } }] };
      if (call.path === "/api/v1/pods") {
        const waiting = call.query?.fieldSelector === "spec.schedulerName=entrada-runner,spec.nodeName=";
        return { items: [ownedPod(waiting ? "waiting" : "here")] };
      }
      return {};
    });
    await releaseCluster(client);
    expect(changes()).toEqual([
      `DELETE ${BINDING}`,
      `DELETE ${POLICY}`,
      "DELETE /apis/batch/v1/namespaces/bi/jobs/x-run",
      "DELETE /api/v1/namespaces/bi/pods/waiting",
      "DELETE /api/v1/namespaces/bi/pods/here",
      `DELETE ${LEASE}`,
      `DELETE ${NODE}`,
    ]);
    expect(calls.find(({ path }) => path.endsWith("/here"))?.body).toMatchObject({
      gracePeriodSeconds: 0,
      preconditions: { uid: "u-here" },
    });
    expect(calls.find(({ path }) => path === "/apis/batch/v1/jobs")?.query).toEqual({
      labelSelector: "entrada.dev/runner=copy",
    });
  });

  test("changes nothing where nothing is left", async () => {
    const { client } = fakeApi(({ method, path }) =>
      method === "GET" && /\/(pods|jobs)$/.test(path) ? { items: [] } : undefined,
    );
    await releaseCluster(client);
    await releaseCluster(client);
  });

  test("a copy that is gone already is no failure, one that may not be deleted is", async () => {
    const items = [{ metadata: { name: "x-run", namespace: "bi" } }];
    const answering = (status: number) => fakeApi(({ method }) => (method === "GET" ? { items } : status)).client;
    await removeJobCopies(answering(404), "bi");
    await expect(removeJobCopies(answering(403), "bi")).rejects.toThrow("answers 403");
  });
});

describe("the policy", () => {
  test("is there for the namespaces that are asked for, and waited for until new pods show it", async () => {
    let tries = 0;
    const { client, calls, changes } = fakeApi((call) => {
      if (!isDryRun(call)) return {};
      tries += 1;
      return { spec: { schedulerName: tries > 1 ? RUNNER_SCHEDULER : "default-scheduler" } };
    });
    await claimNamespaces(client, ["bi"]);
    expect(tries).toBe(2);
    expect(changes().slice(0, 2)).toEqual([`PATCH ${POLICY}`, `PATCH ${BINDING}`]);
    expect(calls[0]?.body).toMatchObject(policy("bi"));
  });

  test("a namespace that takes no pods is said, with the API server's words", async () => {
    const { client } = fakeApi((call) => (isDryRun(call) ? 403 : {}));
    await expect(claimNamespaces(client, ["bi"])).rejects.toThrow("answers 403");
  });

  test("is taken away, and waited for until new pods are the cluster's own again", async () => {
    let tries = 0;
    const { client, changes } = fakeApi((call) => {
      if (call.method === "GET") return policy("bi");
      if (!isDryRun(call)) return {};
      tries += 1;
      return { spec: { schedulerName: tries > 2 ? "default-scheduler" : RUNNER_SCHEDULER } };
    });
    await claimNamespaces(client, []);
    expect(tries).toBe(3);
    expect(changes().slice(0, 2)).toEqual([`DELETE ${BINDING}`, `DELETE ${POLICY}`]);
  });

  test("a namespace that is gone is not waited for, and no policy is nothing to wait for", async () => {
    const gone = fakeApi((call) => (call.method === "GET" ? policy("bi") : isDryRun(call) ? 404 : {}));
    await releaseNamespaces(gone.client);
    const none = fakeApi(() => undefined);
    await releaseNamespaces(none.client);
    expect(none.calls.some(isDryRun)).toBe(false);
  });

  test("an API server that does not forget it is not waited for without an end", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { client } = fakeApi((call) => {
      if (call.method === "GET") return policy("bi");
      vi.setSystemTime(Date.now() + 6_000);
      return { spec: { schedulerName: RUNNER_SCHEDULER } };
    });
    await releaseNamespaces(client);
    vi.useRealTimers();
  });
});
