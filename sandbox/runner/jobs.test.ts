import { expect, test } from "vitest";
import { declaredJobs, runAgain } from "./jobs.ts";
import { fakeApi } from "./testing.ts";

const JOBS = "/apis/batch/v1/namespaces/bi/jobs";
const labels = {
  app: "bi",
  "controller-uid": "1",
  "batch.kubernetes.io/controller-uid": "1",
  "job-name": "migrate",
  "batch.kubernetes.io/job-name": "migrate",
};
const job = (name: string, metadata: object = {}) => ({
  metadata: { name, namespace: "bi", uid: `u-${name}`, labels, ...metadata },
  spec: {
    backoffLimit: 6,
    suspend: false,
    manualSelector: true,
    ttlSecondsAfterFinished: 0,
    activeDeadlineSeconds: 900,
    selector: { matchLabels: { "controller-uid": "1" } },
    template: { metadata: { labels }, spec: { restartPolicy: "Never", containers: [{ name: "main" }] } },
  },
});
const condition = (type: string, message?: string) => ({
  status: { conditions: [{ type, status: "True", message }] },
});
const never = new AbortController().signal;

/** An API server where the copy goes through these states. */
function api(states: object[], pods: object[] = []) {
  let made = false;
  return fakeApi(({ method, path }) => {
    if (method === "POST") made = true;
    if (path.endsWith("/pods")) return { items: pods };
    if (method === "GET") return made ? states.shift() : undefined;
    return {};
  });
}

test("the declared Jobs are those that no CronJob and no runner made, oldest first", async () => {
  const items = [
    job("second", { creationTimestamp: "2026-01-02T00:00:00Z" }),
    job("nightly", { ownerReferences: [{ kind: "CronJob" }] }),
    job("first-run", { labels: { "entrada.dev/runner": "copy" } }),
    job("first", { creationTimestamp: "2026-01-01T00:00:00Z" }),
  ];
  const { client } = fakeApi(({ path }) => (path === JOBS ? { items } : undefined));
  expect((await declaredJobs(client, "bi")).map(({ metadata }) => metadata.name)).toEqual(["first", "second"]);
});

test("a Job runs again as a copy with the same work, tried twice at most, and the copy goes when it is done", async () => {
  const { client, calls, changes } = api([{}, condition("Complete")]);
  await runAgain(client, job("migrate"), never);
  expect(changes()).toEqual([`DELETE ${JOBS}/migrate-run`, `POST ${JOBS}`, `DELETE ${JOBS}/migrate-run`]);
  expect(calls.find(({ method }) => method === "POST")?.body).toEqual({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "migrate-run", namespace: "bi", labels: { app: "bi", "entrada.dev/runner": "copy" } },
    spec: {
      backoffLimit: 1,
      activeDeadlineSeconds: 900,
      template: {
        metadata: { labels: { app: "bi" } },
        spec: { restartPolicy: "Never", containers: [{ name: "main" }] },
      },
    },
  });
});

test("a Job that may not be tried again is not", async () => {
  const { client, calls } = api([condition("Complete")]);
  const { spec, ...rest } = job("migrate");
  await runAgain(client, { ...rest, spec: { ...spec, backoffLimit: 0 } }, never);
  expect(calls.find(({ method }) => method === "POST")?.body).toMatchObject({ spec: { backoffLimit: 0 } });
});

test("a long name stays one that the API server takes", async () => {
  const { client, calls } = api([condition("Complete")]);
  await runAgain(client, job(`${"a".repeat(40)}-${"b".repeat(22)}`), never);
  const made = calls.find(({ method }) => method === "POST")?.body as { metadata: { name: string } };
  expect(made.metadata.name).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
  expect(made.metadata.name).toMatch(/b-run$/);
});

test("one that fails says what its pods said, and stays to be looked at", async () => {
  const ended = (exitCode: number, message?: string) => ({
    name: "main",
    state: { terminated: { exitCode, message } },
  });
  const pods = [
    { metadata: { name: "migrate-run-x" }, status: { containerStatuses: [ended(3)] } },
    { metadata: { name: "migrate-run-y" }, status: { initContainerStatuses: [ended(128, "no bash")] } },
    { metadata: { name: "migrate-run-z" }, status: { message: "no secret", containerStatuses: [ended(0)] } },
  ];
  const { client, changes } = api([condition("Failed", "Job has reached the specified backoff limit")], pods);
  await expect(runAgain(client, job("migrate"), never)).rejects.toThrow(
    "The Job bi/migrate-run failed: Job has reached the specified backoff limit " +
      "Pod migrate-run-x: main ended with exit code 3. " +
      "Pod migrate-run-y: main ended with exit code 128: no bash. Pod migrate-run-z: no secret.",
  );
  expect(changes().at(-1)).toBe(`POST ${JOBS}`);
});

test("one that is deleted meanwhile is a failure, and not a success", async () => {
  const { client } = api([]);
  await expect(runAgain(client, job("migrate"), never)).rejects.toThrow("was deleted while it ran");
});

test("one that is to be stopped is taken away", async () => {
  const stop = new AbortController();
  const { client, changes } = fakeApi(({ method }) => {
    if (method !== "GET") return {};
    return changes().length > 1 ? { status: {} } : undefined;
  });
  const run = runAgain(client, job("migrate"), stop.signal);
  setTimeout(() => stop.abort(), 20);
  await expect(run).rejects.toThrow("The Job bi/migrate-run was stopped.");
  expect(changes().at(-1)).toBe(`DELETE ${JOBS}/migrate-run`);
});
