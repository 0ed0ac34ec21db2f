import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ensureToolchain, type ToolchainOptions } from "./index.ts";
import { thisPlatform } from "./tools.ts";

let root: string;
let lines: string[];
let server: Server | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-toolchain-"));
  lines = [];
  for (const folder of ["path", "modules", "source"]) mkdirSync(join(root, folder));
  pin("pulumi", "github.com/pulumi/pulumi/pkg/v3 v3.250.0");
  pin("kubernetes", "go.etcd.io/etcd/server/v3 v3.6.8", "k8s.io/kubernetes v1.36.3");
  pin("kwok", "sigs.k8s.io/kwok v0.8.0");
  pin(
    "crds",
    "github.com/cilium/cilium v1.20.2",
    "sigs.k8s.io/gateway-api v1.4.1",
    "sigs.k8s.io/secrets-store-csi-driver v1.5.3",
  );
  fakeSources();
});

afterEach(async () => {
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
  rmSync(root, { recursive: true, force: true });
});

function pin(name: string, ...requirements: string[]) {
  mkdirSync(join(root, "modules", name));
  writeFileSync(
    join(root, "modules", name, "go.mod"),
    `module x\n\ngo 1.26.0\n\nrequire (\n${requirements.map((line) => `\t${line}\n`).join("")})\n`,
  );
  writeFileSync(join(root, "modules", name, "go.sum"), `${name}\n`);
}

/** The folders that `go mod download` would name. */
function fakeSources() {
  const put = (path: string) => {
    mkdirSync(join(root, "source", path, ".."), { recursive: true });
    writeFileSync(join(root, "source", path), "kind: Fake\n");
  };
  put("pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml");
  put("config/crd/standard/gateway.networking.k8s.io_gateways.yaml");
  put("deploy/csidriver.yaml");
  for (const path of ["node/fast/node-initialize", "node/heartbeat/node-heartbeat", "pod/fast/pod-ready"])
    put(`kustomize/stage/${path}.yaml`);
}

function executable(name: string, script: string) {
  const file = join(root, "path", name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A `go` that "builds" by writing each package's name, and notes how it was called. */
function fakeGo(delaySeconds = 0) {
  executable(
    "go",
    `echo "GOWORK=$GOWORK $*" >> "${root}/go.log"
case "$1" in
env) printf 'go1.26.8\\nlocal\\n' ;;
mod) shift 3; for module in "$@"; do printf '{\\n\\t"Path": "%s",\\n\\t"Dir": "${root}/source"\\n}\\n' "$module"; done ;;
build)
  sleep ${delaySeconds}
  shift 6; out=$1; shift
  for package in "$@"; do name=\${package##*/}; [ "$name" = v3 ] && name=server; echo "built $package" > "$out$name"; done ;;
esac`,
  );
}

const goLog = () => (existsSync(join(root, "go.log")) ? readFileSync(join(root, "go.log"), "utf8") : "");

const UNREACHABLE = "http://127.0.0.1:9";

function ensure(options: ToolchainOptions = {}) {
  return ensureToolchain({
    env: { PATH: `${join(root, "path")}:/usr/bin:/bin`, ENTRADA_CACHE: join(root, "cache") },
    modules: join(root, "modules"),
    hosts: { kubernetes: UNREACHABLE, etcd: UNREACHABLE, pulumi: UNREACHABLE },
    connectTimeoutMs: 500,
    log: (line) => lines.push(line),
    ...options,
  });
}

/** A release host that serves the Kubernetes binaries, with the digest that `digestOf` makes of their content. */
async function releaseHost(digestOf: (content: string) => string): Promise<string> {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    const content = `official ${path.replace(".sha256", "").split("/").at(-1)}`;
    response.end(path.endsWith(".sha256") ? digestOf(content) : content);
  });
  await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

test("without a network everything is built once, then taken from the cache", async () => {
  fakeGo();
  const first = await ensure();
  expect(readFileSync(first.etcd, "utf8")).toBe("built go.etcd.io/etcd/server/v3\n");
  expect(readFileSync(first.pulumi, "utf8")).toBe("built github.com/pulumi/pulumi/pkg/v3/cmd/pulumi\n");
  expect(first.crdFiles.map((file) => file.split("/").at(-1))).toEqual([
    "ciliumnetworkpolicies.yaml",
    "csidriver.yaml",
    "gateway.networking.k8s.io_gateways.yaml",
  ]);
  expect(first.kwokStageFiles).toHaveLength(3);
  expect(lines).toContainEqual(
    expect.stringMatching(/^kube-apiserver: 127\.0\.0\.1:9 is not reachable, building from source instead$/),
  );
  expect(goLog()).toMatch(/GOWORK=off build -mod=readonly -trimpath -ldflags -s -w -X k8s\.io\S+gitVersion=v1\.36\.3/);
  expect(goLog().match(/ build /g)).toHaveLength(3);
  expect(readdirSync(join(root, "cache")).filter((name) => name.startsWith("tmp-") || name.startsWith("lock"))).toEqual(
    [],
  );

  rmSync(join(root, "path", "go"));
  expect(await ensure()).toEqual(first);
});

test("two runs at once build once", async () => {
  fakeGo(0.2);
  const [first, second] = await Promise.all([ensure(), ensure()]);
  expect(second).toEqual(first);
  expect(goLog().match(/ build /g)).toHaveLength(3);
  expect(lines).toContainEqual(expect.stringMatching(/another run \(process \d+\) is preparing the toolchain/));
});

test("a cached file that was changed is made anew", async () => {
  fakeGo();
  const { kwok } = await ensure();
  appendFileSync(kwok, "tampered");
  expect(readFileSync((await ensure()).kwok, "utf8")).toBe("built sigs.k8s.io/kwok/cmd/kwok\n");
  expect(lines).toContainEqual(expect.stringMatching(/kwok is not what was put there: fetched anew/));
});

test("another go.sum means another build", async () => {
  fakeGo();
  const { kwok } = await ensure();
  writeFileSync(join(root, "modules", "kwok", "go.sum"), "changed\n");
  expect((await ensure()).kwok).not.toBe(kwok);
});

test("progress is said while a build goes on", async () => {
  fakeGo(0.3);
  await ensure({ progressMs: 50 });
  expect(lines).toContainEqual(expect.stringMatching(/^building kwok… 0 s of about \d+ (s|min)$/));
});

describe("PATH", () => {
  test("the right version is used, the wrong one is named and passed over", async () => {
    fakeGo();
    const etcd = executable("etcd", "echo 'etcd Version: 3.6.1'");
    executable("kube-apiserver", "echo 'Kubernetes v1.31.0'");
    executable("kwok", "exit 1");
    const toolchain = await ensure();
    expect(toolchain.etcd).toBe(etcd);
    expect(toolchain.kubeApiserver).toContain(join(root, "cache"));
    expect(lines).toContainEqual(
      expect.stringMatching(
        /kube-apiserver is 1\.31\.0, but at least 1\.36\.0 and below 1\.37\.0 is needed: passed over/,
      ),
    );
    expect(lines).toContainEqual(expect.stringMatching(/kwok does not say its version: passed over/));
    expect(goLog()).not.toMatch(/etcd\/server/);
  });
});

describe.runIf(thisPlatform().os === "linux")("downloads", () => {
  test("a binary with the publisher's checksum is taken", async () => {
    fakeGo();
    const kubernetes = await releaseHost(sha256);
    const { kubeScheduler } = await ensure({ hosts: { kubernetes, etcd: UNREACHABLE, pulumi: UNREACHABLE } });
    expect(readFileSync(kubeScheduler, "utf8")).toBe("official kube-scheduler");
    expect(goLog()).not.toMatch(/cmd\/kube-/);
  });

  test("one with another checksum is thrown away and built instead", async () => {
    fakeGo();
    const kubernetes = await releaseHost(() => sha256("something else"));
    const { kubeScheduler } = await ensure({ hosts: { kubernetes, etcd: UNREACHABLE, pulumi: UNREACHABLE } });
    expect(readFileSync(kubeScheduler, "utf8")).toBe("built k8s.io/kubernetes/cmd/kube-scheduler\n");
    expect(lines).toContainEqual(
      expect.stringMatching(
        /the checksum of .*kube-scheduler is .* but its publisher says .*; the file was thrown away, building from source/,
      ),
    );
  });

  test("Pulumi's own installer is used where its host answers", async () => {
    fakeGo();
    const pulumi = await releaseHost(sha256);
    const installPulumi = async (folder: string) => writeFileSync(join(folder, "bin", "pulumi"), "installed");
    const toolchain = await ensure({ hosts: { kubernetes: UNREACHABLE, etcd: UNREACHABLE, pulumi }, installPulumi });
    expect(readFileSync(toolchain.pulumi, "utf8")).toBe("installed");
  });
});

describe("what cannot be had is named", () => {
  test("no Go and no network", async () => {
    await expect(ensure()).rejects.toThrow(/Go is not installed.*Install Go 1\.26\.0/);
    expect(existsSync(join(root, "cache", "lock"))).toBe(false);
  });

  test("a full disk", async () => {
    executable(
      "go",
      `[ "$1" = env ] && printf 'go1.26.8\\nlocal\\n' && exit 0; echo 'write: no space left on device' >&2; exit 1`,
    );
    await expect(ensure()).rejects.toThrow(/The disk that holds .*cache is full/);
  });

  test("a relative cache folder", async () => {
    await expect(ensure({ env: { PATH: "/bin", ENTRADA_CACHE: "here" } })).rejects.toThrow(
      /ENTRADA_CACHE is "here": give an absolute path/,
    );
  });
});
