import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Volume } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { KubernetesClient } from "../../cluster/client.ts";
import { testPod } from "./testing.ts";
import { mountVolumes, type Volumes } from "./volumes.ts";

let root: string;
let mounted: Volumes | undefined;
let tokens = 0;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-volumes-"));
  tokens = 0;
});
afterEach(() => {
  mounted?.stop();
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

const objects: Record<string, unknown> = {
  "/api/v1/namespaces/bi/configmaps/settings": { data: { "a.json": "{}", "b.sh": "exit" } },
  "/api/v1/namespaces/bi/secrets/key": { data: { key: Buffer.from("secret").toString("base64") } },
};
const request = vi.fn(async () => {
  tokens += 1;
  const expirationTimestamp = new Date(Date.now() + 1_000_000).toISOString();
  return { status: { token: `token-${tokens}`, expirationTimestamp } };
});
const client = { find: async (path: string) => objects[path], request } as unknown as KubernetesClient;

async function mount(volume: Omit<V1Volume, "name">): Promise<string> {
  mounted = await mountVolumes({
    client,
    vault: { files: async (_pod, name) => ({ password: `of ${name}`, store: Buffer.from([1, 2]) }) },
    pod: testPod({ volumes: [{ name: "v", ...volume }] }),
    volatileFolder: join(root, "volatile"),
    diskFolder: join(root, "disk"),
    log: () => {},
  });
  return mounted.folder("v");
}
const mode = (file: string) => statSync(file).mode & 0o777;

test("a ConfigMap becomes files, all of them or those that are named", async () => {
  const folder = await mount({ configMap: { name: "settings" } });
  expect(readFileSync(join(folder, "b.sh"), "utf8")).toBe("exit");
  const some = await mount({
    configMap: { name: "settings", items: [{ key: "a.json", path: "x/y.json", mode: 0o440 }] },
  });
  expect(mode(join(some, "x/y.json"))).toBe(0o440);
  expect(existsSync(join(some, "b.sh"))).toBe(false);
});

test("what the vault gives, secrets and tokens are for the container's user alone", async () => {
  const vault = await mount({
    csi: { driver: "secrets-store.csi.k8s.io", volumeAttributes: { secretProviderClass: "web" } },
  });
  expect(readFileSync(join(vault, "password"), "utf8")).toBe("of web");
  expect(readFileSync(join(vault, "store"))).toEqual(Buffer.from([1, 2]));
  expect(mode(join(vault, "password"))).toBe(0o400);
  const secret = await mount({ secret: { secretName: "key" } });
  expect(readFileSync(join(secret, "key"), "utf8")).toBe("secret");
  expect(mode(join(secret, "key"))).toBe(0o400);
  const sources = [{ serviceAccountToken: { path: "token", audience: "api://x", expirationSeconds: 3600 } }];
  const token = await mount({ projected: { sources } });
  expect(mode(join(token, "token"))).toBe(0o400);
});

test("a token is asked for as the pod's own, and renewed when four fifths of its time have passed", async () => {
  vi.useFakeTimers();
  const sources = [{ serviceAccountToken: { path: "token", audience: "api://x", expirationSeconds: 1000 } }];
  const folder = await mount({ projected: { sources } });
  expect(request).toHaveBeenLastCalledWith("POST", "/api/v1/namespaces/bi/serviceaccounts/web/token", {
    body: expect.objectContaining({
      spec: {
        audiences: ["api://x"],
        expirationSeconds: 1000,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "web-1", uid: "u-1" },
      },
    }),
  });
  await vi.advanceTimersByTimeAsync(790_000);
  expect(readFileSync(join(folder, "token"), "utf8")).toBe("token-1");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(readFileSync(join(folder, "token"), "utf8")).toBe("token-2");
});

test("the pod's own folder is there for everybody in it, and goes with everything else", async () => {
  const folder = await mount({ emptyDir: {} });
  expect(mode(folder)).toBe(0o777);
  mounted?.stop();
  expect(existsSync(join(root, "disk"))).toBe(false);
  expect(existsSync(join(root, "volatile"))).toBe(false);
});

test("what is being read when the pod ends does not bring its volumes back", async () => {
  vi.useFakeTimers();
  const sources = [{ serviceAccountToken: { path: "token", audience: "api://x", expirationSeconds: 1000 } }];
  await mount({ projected: { sources } });
  let answer = (_token: object) => {};
  request.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve as typeof answer)));
  await vi.advanceTimersByTimeAsync(810_000);
  mounted?.stop();
  answer({ status: { token: "late", expirationTimestamp: new Date(Date.now() + 1_000_000).toISOString() } });
  await vi.advanceTimersByTimeAsync(1);
  expect(existsSync(join(root, "volatile"))).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test("a volume that could not be renewed stays as it was, and is tried again until the pod ends", async () => {
  vi.useFakeTimers();
  const sources = [{ serviceAccountToken: { path: "token", audience: "api://x", expirationSeconds: 1000 } }];
  const folder = await mount({ projected: { sources } });
  request.mockRejectedValueOnce(new Error("no answer"));
  await vi.advanceTimersByTimeAsync(801_000);
  expect(readFileSync(join(folder, "token"), "utf8")).toBe("token-1");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(readFileSync(join(folder, "token"), "utf8")).toBe("token-2");
  request.mockRejectedValueOnce(new Error("no answer"));
  await vi.advanceTimersByTimeAsync(801_000);
  mounted?.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("a kind that is not mounted, or a ConfigMap that is not there, is refused and leaves nothing", async () => {
  await expect(mount({ hostPath: { path: "/" } })).rejects.toThrow(
    "The volume v is of a kind that this machine does not mount",
  );
  await expect(mount({ configMap: { name: "gone" } })).rejects.toThrow("ConfigMap bi/gone is not there");
  expect(existsSync(join(root, "volatile"))).toBe(false);
  expect(await mount({ configMap: { name: "gone", optional: true } })).toBe(join(root, "volatile", "v"));
});
