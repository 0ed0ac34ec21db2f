import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, expect, it } from "vitest";

// Another project's checkout: the folder `policies`, what its own package.json lists, and nothing else of this project.
const source = fileURLToPath(new URL(".", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "entrada-pack-"));
const folder = join(home, "rules");
const require = createRequire(import.meta.url);
const database = "azure-native:redisenterprise:Database";
const urn = `urn:pulumi:staging::shop::${database}::cache`;
let pack: ChildProcess;
let client: AnalyzerClient;

/** Where a package lies, whatever its `exports` say. */
function packageFolder(name: string): string {
  const place = require.resolve.paths(name)?.find((path) => {
    try {
      return readdirSync(join(path, name)).includes("package.json");
    } catch {
      return false;
    }
  });
  if (place === undefined) throw new Error(`${name} is not installed`);
  return join(place, name);
}

const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => !path.endsWith(".test.ts") && !path.includes("/testing"),
  });
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const place = join(folder, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(packageFolder(name), place);
  }
  const entry = (resource: string) =>
    `- { rule: redis-closed, resource: "${resource}", owner: a@b.example, reason: The client knows keys only., expires: ${soon} }`;
  const gone = urn.replace("::cache", "::gone");
  writeFileSync(join(folder, "exceptions.yaml"), `exceptions:\n${entry(urn)}\n${entry(gone)}\n`);
  pack = spawn(join(folder, "bin", "pulumi-analyzer-policy-nodejs"), ["127.0.0.1:1", folder], {
    cwd: folder,
    stdio: "pipe",
  });
  const errors: string[] = [];
  pack.stderr?.on("data", (chunk) => errors.push(String(chunk)));
  const port = await Promise.race([
    once(pack.stdout ?? pack, "data").then(([chunk]) => Number(String(chunk))),
    once(pack, "exit").then(() => Promise.reject(new Error(`the pack ended: ${errors.join("")}`))),
  ]);
  client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
}, 60_000);

afterAll(async () => {
  client?.close();
  if (pack?.exitCode === null) {
    pack.kill();
    await once(pack, "exit");
  }
  rmSync(home, { recursive: true });
});

type Answer = InstanceType<typeof analyzer.AnalyzeResponse>;

function found(answer: Answer): readonly string[] {
  return answer.getDiagnosticsList().map((one) => `${one.getPolicyname()}: ${one.getMessage()}`);
}

function analyze(name: string): Promise<readonly string[]> {
  const request = new analyzer.AnalyzeRequest();
  request.setType(database);
  request.setName(name);
  request.setUrn(urn.replace("::cache", `::${name}`));
  request.setProperties(Struct.fromJavaScript({ accessKeysAuthentication: "Enabled" }));
  request.setOptions(new analyzer.AnalyzerResourceOptions());
  return new Promise((resolve, reject) => {
    client.analyze(request, (error, answer) => (error ? reject(error) : resolve(found(answer))));
  });
}

it("works in another project, without this one's other folders", async () => {
  expect(await analyze("other")).toEqual([expect.stringMatching(/^redis-closed: .*accessKeysAuthentication/s)]);
});

it("lets that project write its exceptions beside the pack, and says what they do", async () => {
  expect(await analyze("cache")).toEqual([]);
  const resource = new analyzer.AnalyzerResource();
  resource.setType(database);
  resource.setName("cache");
  resource.setUrn(urn);
  resource.setProperties(Struct.fromJavaScript({}));
  resource.setOptions(new analyzer.AnalyzerResourceOptions());
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList([resource]);
  const said = await new Promise<readonly string[]>((resolve, reject) => {
    client.analyzeStack(request, (error, answer) => (error ? reject(error) : resolve(found(answer))));
  });
  const about = said.filter((text) => text.startsWith("exceptions-"));
  expect(about).toEqual([
    expect.stringMatching(new RegExp(`^exceptions-in-force: .*excepted until ${soon} by a@b\\.example`, "s")),
    expect.stringMatching(/^exceptions-honest: .*does not have: .*::gone/s),
  ]);
});
