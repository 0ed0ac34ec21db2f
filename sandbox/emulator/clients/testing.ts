import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authority, openAuthority } from "../../network/authority.ts";
import { type SandboxProxy, startProxy } from "../../network/proxy.ts";
import type { EmulatorContext } from "../context.ts";
import type { Directory } from "../directory.ts";
import { NOW, type TestIssuer, testDirectory, testIssuer } from "../entra/testing.ts";
import type { Hosts } from "../hosts.ts";
import { type Emulator, type RequestLogEntry, startEmulator } from "../server.ts";
import { memoryStore } from "../store.ts";

/** A listening emulator behind its proxy: what a client that nobody here wrote is given. */
export interface TestCloud {
  readonly authority: Authority;
  readonly proxy: SandboxProxy;
  readonly emulator: Emulator;
  readonly data: Directory;
  readonly issuer: TestIssuer;
  readonly requests: RequestLogEntry[];
  close(): Promise<void>;
}

export async function testCloud(hosts: (context: EmulatorContext) => Hosts = () => ({})): Promise<TestCloud> {
  const folder = await mkdtemp(join(tmpdir(), "entrada-cloud-"));
  const data = testDirectory();
  // The libraries read the machine's clock, so the secret has to be valid today.
  for (const application of Object.values(data.applications))
    for (const credential of application.passwordCredentials) {
      credential.startDateTime = NOW.toISOString();
      credential.endDateTime = new Date(Date.now() + 86_400_000).toISOString();
    }
  const issuer = await testIssuer(() => new Date());
  const requests: RequestLogEntry[] = [];
  const authority = await openAuthority(join(folder, "network"));
  const emulator = await startEmulator({
    folder: join(folder, "emulator"),
    store: memoryStore(data),
    authority,
    hosts,
    log: (entry) => requests.push(entry),
    fetchPublic: issuer.fetchPublic,
  });
  const proxy = await startProxy({ routes: emulator.route, log: () => {} });
  return {
    authority,
    proxy,
    emulator,
    data,
    issuer,
    requests,
    close: async () => {
      await proxy.close();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
