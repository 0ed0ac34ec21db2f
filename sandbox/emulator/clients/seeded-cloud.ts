import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authority, openAuthority } from "../../network/authority.ts";
import { type SandboxProxy, startProxy } from "../../network/proxy.ts";
import { createArmApp } from "../arm/app.ts";
import { createBlobApp } from "../blob/app.ts";
import { memoryContents } from "../blob/contents.ts";
import { databricksHosts } from "../databricks/app.ts";
import { testIssuer } from "../entra/testing.ts";
import { createGraphApp } from "../graph/app.ts";
import { deployerClientId, seedDirectory } from "../seed.ts";
import { type RequestLogEntry, startEmulator } from "../server.ts";
import { emptyDirectory, memoryStore, type Store } from "../store.ts";
import { SUBSCRIPTION, TENANT } from "../testing.ts";
import { createVaultApp } from "../vault/app.ts";

/** The whole emulator behind its proxy, with the seeded directory, for clients that nobody here wrote. */
export interface SeededCloud {
  readonly store: Store;
  /** What was asked and answered so far. */
  readonly requests: readonly RequestLogEntry[];
  readonly proxy: SandboxProxy;
  readonly authority: Authority;
  readonly deployer: { readonly clientId: string; readonly clientSecret: string };
  /** Writes a service-account token of the subject to a file, as a pod's volume holds it; returns the file. */
  tokenFile(subject: string): Promise<string>;
  readonly issuer: string;
  close(): Promise<void>;
}

const ISSUER = "https://oidc.sandbox.contoso.example/cluster-1";

export async function seededCloud(): Promise<SeededCloud> {
  const folder = await mkdtemp(join(tmpdir(), "entrada-clients-"));
  const authority = await openAuthority(folder);
  const store = memoryStore(emptyDirectory(TENANT, ["contoso.onmicrosoft.com", "contoso.com"]));
  const clientSecret = "Contoso-deployer-test-1";
  const clientId = deployerClientId(TENANT);
  seedDirectory(store, {
    people: ["Ana Lima", "Jon Berg", "Mia Chen", "Tom Reis", "Eva Wolf"].map((displayName) => {
      const key = displayName.toLowerCase().replace(" ", ".");
      return { key, displayName, userPrincipalName: `${key}@contoso.com` };
    }),
    deployer: { clientId, secretHash: createHash("sha256").update(clientSecret).digest("hex") },
    subscriptionId: SUBSCRIPTION,
  });
  const issuer = await testIssuer(() => new Date(), ISSUER);
  const requests: RequestLogEntry[] = [];
  const emulator = await startEmulator({
    folder,
    store,
    authority,
    hosts: (context) => ({
      "graph.microsoft.com": createGraphApp(context),
      "management.azure.com": createArmApp(context),
      "*.vault.azure.net": createVaultApp(context),
      "*.blob.core.windows.net": createBlobApp(context, memoryContents()),
      ...databricksHosts(context),
    }),
    log: (entry) => requests.push(entry),
    fetchPublic: issuer.fetchPublic,
  });
  const proxy = await startProxy({ routes: emulator.route, log: () => {} });
  return {
    store,
    requests,
    proxy,
    authority,
    deployer: { clientId, clientSecret },
    tokenFile: async (subject) => {
      const file = join(folder, `token-${subject.split(":").at(-1)}`);
      await writeFile(file, await issuer.token({ sub: subject }), { mode: 0o600 });
      return file;
    },
    issuer: ISSUER,
    close: async () => {
      await proxy.close();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
