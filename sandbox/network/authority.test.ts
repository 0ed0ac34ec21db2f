import { execFile, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificateNeedsRenewal, openAuthority } from "./authority.ts";

const DAY = 86_400_000;
const SERVER = {
  commonName: "login.microsoftonline.com",
  dnsNames: ["login.microsoftonline.com", "*.vault.azure.net"],
  ipAddresses: ["127.0.0.1"],
};
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrada-authority-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the sandbox's authority", () => {
  it("is made once, with a private key that only its user can read", async () => {
    const own = join(folder, "once");
    const [first, second] = await Promise.all([openAuthority(own), openAuthority(own)]);
    expect(second.caPem).toBe(first.caPem);
    expect((await openAuthority(own)).caPem).toBe(first.caPem);
    expect((await stat(join(own, "ca.key"))).mode & 0o777).toBe(0o600);
    expect(await readFile(first.caFile, "utf8")).toBe(first.caPem);
    expect(first.caPem).not.toContain("PRIVATE KEY");
    const authority = new X509Certificate(first.caPem);
    expect(authority.ca).toBe(true);
    expect(authority.checkIssued(authority)).toBe(true);
  });

  it("is made anew when it nears its end", async () => {
    const own = join(folder, "old");
    const first = await openAuthority(own);
    const later = await openAuthority(own, { now: () => new Date(Date.now() + 3600 * DAY) });
    expect(later.caPem).not.toBe(first.caPem);
  });

  it("issues leaves of at most 397 days with their names, each with its own serial", async () => {
    const authority = await openAuthority(join(folder, "leaves"));
    const [leaf, other] = await Promise.all([authority.issue(SERVER), authority.issue(SERVER)]).then((issued) =>
      issued.map(({ certPem }) => new X509Certificate(certPem)),
    );
    expect(leaf?.verify(new X509Certificate(authority.caPem).publicKey)).toBe(true);
    expect(leaf?.subjectAltName).toBe("DNS:login.microsoftonline.com, DNS:*.vault.azure.net, IP Address:127.0.0.1");
    expect(leaf?.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(leaf?.serialNumber).not.toBe(other?.serialNumber);
    const lifetime = Date.parse(leaf?.validTo ?? "") - Date.parse(leaf?.validFrom ?? "");
    expect(lifetime / DAY).toBeLessThanOrEqual(397);
    expect(certificateNeedsRenewal(leaf?.toString() ?? "", new Date())).toBe(false);
    expect(certificateNeedsRenewal(leaf?.toString() ?? "", new Date(Date.now() + 61 * DAY))).toBe(true);
  });

  it("issues client certificates with their groups", async () => {
    const authority = await openAuthority(join(folder, "leaves"));
    const request = {
      commonName: "admin",
      organizations: ["system:masters"],
      dnsNames: [],
      ipAddresses: [],
      client: true,
    };
    const leaf = new X509Certificate((await authority.issue(request)).certPem);
    expect(leaf.subject).toBe("O=system:masters\nCN=admin");
    expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  });

  it.skipIf(!hasOpenSsl())("convinces OpenSSL at its strictest, as Python 3.13 asks it", async () => {
    const authority = await openAuthority(join(folder, "leaves"));
    const file = join(folder, "leaf.crt");
    await writeFile(file, (await authority.issue(SERVER)).certPem);
    const options = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", "kv.vault.azure.net"];
    const { stdout } = await promisify(execFile)("openssl", ["verify", ...options, "-CAfile", authority.caFile, file]);
    expect(stdout).toContain("OK");
  });

  it("convinces Node, for its own names only", async () => {
    const authority = await openAuthority(join(folder, "leaves"));
    const leaf = await authority.issue(SERVER);
    const server = createServer({ cert: leaf.certPem, key: leaf.keyPem }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const outcome = (servername: string) =>
        new Promise<string>((resolve) => {
          const socket = connect({ port, host: "127.0.0.1", servername, ca: authority.caPem });
          socket.once("secureConnect", () => resolve("trusted"));
          socket.once("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? ""));
        });
      expect(await outcome("login.microsoftonline.com")).toBe("trusted");
      expect(await outcome("graph.microsoft.com")).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

function hasOpenSsl(): boolean {
  return spawnSync("openssl", ["version"]).status === 0;
}
