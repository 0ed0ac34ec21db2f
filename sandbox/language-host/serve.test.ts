import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import grpcProto from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageProto from "@pulumi/pulumi/proto/language_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { outcomeOf } from "./run.ts";
import { type LanguageHost, serveLanguageHost } from "./serve.ts";

let folder: string;
let host: LanguageHost;
let client: InstanceType<typeof grpcProto.LanguageRuntimeClient>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "entrada-language-"));
  host = await serveLanguageHost("127.0.0.1:1");
  client = new grpcProto.LanguageRuntimeClient(`127.0.0.1:${host.port}`, credentials.createInsecure());
});
afterEach(() => {
  client.close();
  host.stop();
  rmSync(folder, { recursive: true });
});

/** An SDK whose starters write down what they were called with. */
function playSdk(script: string): void {
  for (const name of ["run", "run-policy-pack"]) {
    const place = join(folder, "node_modules", "@pulumi", "pulumi", "cmd", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "index.js"), script);
  }
}

const info = (options: Record<string, string | boolean>) => {
  const program = new languageProto.ProgramInfo();
  program.setRootDirectory(folder);
  program.setProgramDirectory(folder);
  program.setEntryPoint("index.ts");
  program.setOptions(structProto.Struct.fromJavaScript(options));
  return program;
};

const ask = <Response>(method: string, request: unknown) =>
  new Promise<Response>((resolve, reject) => {
    const call = client[method as "run"] as unknown as (
      request: unknown,
      metadata: Metadata,
      done: (error: ServiceError | null, response: Response) => void,
    ) => void;
    call.call(client, request, new Metadata(), (error, response) => (error ? reject(error) : resolve(response)));
  });

describe("the language host", () => {
  it("runs the program by the SDK's own starter, with the engine's words and the configuration", async () => {
    playSdk(`require("fs").writeFileSync("seen.json", JSON.stringify({
      args: process.argv.slice(2), node: process.execArgv, folder: process.cwd(),
      config: process.env.PULUMI_CONFIG, secrets: process.env.PULUMI_CONFIG_SECRET_KEYS,
      typescript: process.env.PULUMI_NODEJS_TYPESCRIPT }))`);
    const request = new languageProto.RunRequest();
    request.setInfo(info({ typescript: false, nodeargs: "--no-warnings" }));
    request.setPwd(folder);
    request.setProject("entrada");
    request.setStack("prod");
    request.setMonitorAddress("127.0.0.1:2");
    request.setParallel(4);
    request.setDryrun(true);
    request.getConfigMap().set("entrada:domain", "data.contoso.com");
    request.setConfigsecretkeysList(["entrada:key"]);
    const response = await ask<InstanceType<typeof languageProto.RunResponse>>("run", request);
    expect(response.toObject()).toEqual({ error: "", bail: false });
    const { createRequire } = await import("node:module");
    expect(createRequire(join(folder, "x.js"))("./seen.json")).toEqual({
      args: [
        ...["--monitor", "127.0.0.1:2", "--engine", "127.0.0.1:1", "--project", "entrada"],
        ...["--root-directory", folder, "--stack", "prod", "--pwd", folder, "--parallel", "4", "--dry-run", "index.ts"],
      ],
      node: ["--no-warnings"],
      folder,
      config: '{"entrada:domain":"data.contoso.com"}',
      secrets: '["entrada:key"]',
    });
  });

  it("says that the user has been told already where the SDK says so, and else how the program ended", () => {
    expect(outcomeOf(0, null)).toEqual({ error: "", bail: false });
    expect(outcomeOf(32, null)).toEqual({ error: "", bail: true });
    expect(outcomeOf(3, null).error).toContain("the exit code 3");
    expect(outcomeOf(null, "SIGKILL").error).toContain("SIGKILL");
  });

  it("runs a policy pack, hands on what it prints, and ends it when the engine gives it up", async () => {
    playSdk(`console.log(process.argv.slice(2).join(" ")); setInterval(() => {}, 1000);
      process.on("SIGTERM", () => { require("fs").writeFileSync("ended", ""); process.exit(0) })`);
    const request = new languageProto.RunPluginRequest();
    request.setInfo(info({}));
    request.setKind("analyzer");
    request.setArgsList(["127.0.0.1:1"]);
    request.setEnvList([`PATH=${process.env.PATH}`]);
    const call = client.runPlugin(request);
    const printed = await new Promise<string>((resolve) => {
      call.on("data", (data: InstanceType<typeof languageProto.RunPluginResponse>) =>
        resolve(Buffer.from(data.getStdout_asU8()).toString()),
      );
    });
    expect(printed).toBe(`127.0.0.1:1 ${folder}\n`);
    call.on("error", () => undefined);
    call.cancel();
    const { existsSync } = await import("node:fs");
    await expect.poll(() => existsSync(join(folder, "ended")), { timeout: 10_000 }).toBe(true);
  });

  it("says what to do where the SDK is not installed", async () => {
    const request = new languageProto.RunRequest();
    request.setInfo(info({}));
    await expect(ask("run", request)).rejects.toMatchObject({ details: expect.stringContaining("npm ci") });
  });

  it("knows itself and its Node, and refuses what it cannot do", async () => {
    const about = await ask<InstanceType<typeof languageProto.AboutResponse>>(
      "about",
      new languageProto.AboutRequest(),
    );
    expect(about.getVersion()).toBe(process.version);
    const plugin = await ask<{ getVersion(): string }>("getPluginInfo", new emptyProto.Empty());
    expect(plugin.getVersion()).toMatch(/^3\./);
    await expect(ask("pack", new languageProto.PackRequest())).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });
});
