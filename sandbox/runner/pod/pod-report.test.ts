import { expect, test, vi } from "vitest";
import { type Call, fakeApi } from "../testing.ts";
import { PodReport } from "./pod-report.ts";
import type { ContainerRecord } from "./status.ts";
import { testPod } from "./testing.ts";

const POD = "/api/v1/namespaces/bi/pods/web-1";

function reported(answer: (call: Call) => unknown) {
  const api = fakeApi(answer);
  const main: ContainerRecord = {
    container: { name: "main" },
    state: { kind: "waiting", reason: "ContainerCreating" },
    restarts: 0,
    started: false,
    ready: false,
  };
  const log = vi.fn<(line: string) => void>();
  const onTaken = vi.fn();
  const pod = testPod();
  const report = new PodReport(
    { client: api.client, log },
    { facts: () => ({ pod, ip: undefined, init: [], main: [main] }), onTaken },
  );
  return { ...api, main, log, onTaken, report };
}

test("a status is sent when it has changed, and names the pod that it is of", async () => {
  const { report, calls, main, onTaken } = reported(() => ({ taken: true }));
  await report.send();
  await report.send();
  await report.again();
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ method: "PATCH", path: `${POD}/status`, body: { metadata: { uid: "u-1" } } });
  expect(onTaken).toHaveBeenCalledExactlyOnceWith({ taken: true });
  main.state = { kind: "running", startedAt: new Date() };
  expect((await report.send()).phase).toBe("Running");
  expect(calls).toHaveLength(2);
});

test("what the API server has not heard is said again, and complained about once", async () => {
  let broken: "no answer" | 500 | undefined = "no answer";
  const { report, calls, log } = reported(() => {
    if (broken === "no answer") throw new Error("connect ECONNREFUSED");
    return broken ?? {};
  });
  for (let round = 0; round < 3; round++) await report.again();
  broken = 500;
  for (let round = 0; round < 3; round++) await report.again();
  expect(log.mock.calls).toEqual([
    ["bi/web-1: connect ECONNREFUSED"],
    ['bi/web-1: its status was not taken: {"message":"answers 500"}'],
  ]);
  broken = undefined;
  await report.again();
  await report.again();
  expect(calls).toHaveLength(7);
});

test("statuses go one after the other, so that none is overtaken", async () => {
  const { report, calls, main } = reported(() => ({}));
  const first = report.send();
  main.state = { kind: "running", startedAt: new Date() };
  await Promise.all([first, report.send(), report.send()]);
  expect(calls.map(({ body }) => (body as { status: { phase: string } }).status.phase)).toEqual(["Running"]);
});

test("at its end the pod is taken from the API server, this one and no other of its name", async () => {
  const { report, calls, changes } = reported(() => ({}));
  await report.forget();
  expect(changes()).toEqual([`PATCH ${POD}/status`, `DELETE ${POD}`]);
  expect(calls.at(-1)?.body).toMatchObject({ gracePeriodSeconds: 0, preconditions: { uid: "u-1" } });
  await report.again();
  await report.send();
  expect(changes()).toHaveLength(2);
});

test.each([404, 409])("a pod that is gone already (%d) is no complaint", async (status) => {
  const { report, log, changes } = reported(() => status);
  await report.forget();
  await report.again();
  expect(log).not.toHaveBeenCalled();
  expect(changes().filter((change) => change.startsWith("DELETE"))).toHaveLength(1);
});

test("one that could not be taken away is tried again", async () => {
  let broken = true;
  const { report, log, changes } = reported(({ method }) => (broken && method === "DELETE" ? 503 : {}));
  await report.forget();
  await report.again();
  expect(log.mock.calls).toEqual([["bi/web-1: it could not be taken from the API server: 503"]]);
  broken = false;
  await report.again();
  await report.again();
  expect(changes().filter((change) => change.startsWith("DELETE"))).toHaveLength(3);
});
