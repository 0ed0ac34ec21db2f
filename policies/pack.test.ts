import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { policyConfig } from "./config.ts";
import { failingExamples } from "./examples/index.ts";
import { rules } from "./rules.ts";

// The pack as the engine starts it when the nodejs language host is not installed: through the executable in bin, in the
// pack's folder, talking gRPC on the port that it prints.
const folder = fileURLToPath(new URL(".", import.meta.url));
const executable = `${folder}bin/pulumi-analyzer-policy-nodejs`;
let pack: ChildProcess;
let client: AnalyzerClient;

/** Turns the client's callback into a promise. */
function reply<T>(send: (done: (error: Error | null, response: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => send((error, response) => (error ? reject(error) : resolve(response))));
}

beforeAll(async () => {
  pack = spawn(executable, ["127.0.0.1:1", "."], { cwd: folder, stdio: "pipe" });
  const errors: string[] = [];
  pack.stderr?.on("data", (chunk) => errors.push(String(chunk)));
  const port = await Promise.race([
    once(pack.stdout ?? pack, "data").then(([chunk]) => Number(String(chunk))),
    once(pack, "exit").then(() => Promise.reject(new Error(`the pack ended: ${errors.join("")}`))),
  ]);
  client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
}, 60_000);

/** One resource through the pack, as the engine sends it. */
async function analyze(type: string, name: string, props: object) {
  const resource = new analyzer.AnalyzeRequest();
  resource.setType(type);
  resource.setName(name);
  resource.setProperties(Struct.fromJavaScript({ ...props }));
  resource.setOptions(new analyzer.AnalyzerResourceOptions());
  const answer = await reply<InstanceType<typeof analyzer.AnalyzeResponse>>((done) => client.analyze(resource, done));
  return answer.getDiagnosticsList();
}

afterAll(async () => {
  client?.close();
  if (pack?.exitCode === null) {
    pack.kill();
    await once(pack, "exit");
  }
});

it("offers every rule as mandatory, with its settings", async () => {
  const info = await reply<InstanceType<typeof analyzer.AnalyzerInfo>>((done) =>
    client.getAnalyzerInfo(new Empty(), done),
  );
  expect(info.getName()).toBe("entrada");
  const offered = info.getPoliciesList();
  expect(offered.map((one) => one.getName())).toEqual([
    ...rules.map((rule) => rule.text.name),
    "exceptions-in-force",
    "exceptions-honest",
  ]);
  const advisory = offered.filter((one) => one.getEnforcementlevel() !== analyzer.EnforcementLevel.MANDATORY);
  expect(advisory.map((one) => one.getName())).toEqual(["exceptions-in-force"]);
});

it("takes its configuration and refuses a resource by the rule's name", async () => {
  const request = new analyzer.ConfigureAnalyzerRequest();
  const config = policyConfig({ environment: "prod", domains: ["contoso.com"], registries: ["contoso.azurecr.io"] });
  for (const [name, settings] of Object.entries(config)) {
    const entry = new analyzer.PolicyConfig();
    entry.setEnforcementlevel(analyzer.EnforcementLevel.MANDATORY);
    entry.setProperties(Struct.fromJavaScript(Object(settings)));
    request.getPolicyconfigMap().set(name, entry);
  }
  await reply((done) => client.configure(request, done));
  for (const name of ["redirect-exact", "image-pinned", "kv-guarded"]) {
    const [example] = failingExamples[name] ?? [];
    const found = await analyze(example?.type ?? "", example?.name ?? "", example?.props ?? {});
    expect(found.map((one) => one.getPolicyname())).toEqual([name]);
  }
});

it("finds a value that the program marked secret, and does not show it", async () => {
  // How the engine marks a secret on the wire; rules get it decrypted.
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: "rediss://:hunter2@cache:6380",
  };
  const found = await analyze("kubernetes:core/v1:ConfigMap", "settings", {
    metadata: { namespace: "reports" },
    data: { url: secret },
  });
  expect(found.map((one) => one.getPolicyname())).toEqual(["no-secret-value"]);
  expect(found[0]?.getMessage()).toContain("data.url");
  expect(found[0]?.getMessage()).not.toContain("hunter2");
});

it("ends when the engine is killed", async () => {
  const engine = spawn("sh", ["-c", '"$0" 127.0.0.1:1 . & wait', executable], { cwd: folder, stdio: "pipe" });
  await once(engine.stdout, "data");
  // The pack holds the shell's output open for as long as it lives.
  const closed = once(engine.stdout, "close");
  engine.kill("SIGKILL");
  engine.stdout.resume();
  await closed;
});
