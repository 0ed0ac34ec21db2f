import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { ensureOauth2Proxy } from "../../sandbox/toolchain/oauth2-proxy.ts";
import type { TestSandbox } from "./harness.ts";
import { type RunningPod, runPod, untilReady } from "./pod-runner.ts";
import { freePort, listen, type RunningRedis } from "./redis-server.ts";

/** What an upstream was asked. */
export interface Seen {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Upstream {
  readonly url: string;
  readonly seen: Seen[];
  close(): void;
}

/** A tool that answers every request with what it was asked. */
export async function startUpstream(): Promise<Upstream> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const one = { path: request.url ?? "", headers: request.headers };
    seen.push(one);
    response.setHeader("content-type", "application/json").end(JSON.stringify(one));
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}/`, seen, close: () => server.close() };
}

/** What a test wants otherwise than deployed: text of the configuration → its replacement. */
export type Changes = Readonly<Record<string, string>>;

export interface ProxyOptions {
  readonly redis: RunningRedis;
  readonly upstream: Upstream;
  /** Which of the tool's proxies. */
  readonly deployment: string;
  readonly changes?: Changes;
}

/** A proxy of the sample company's tool `reports`, as it is deployed, in front of an upstream of this machine. */
export async function startProxy(
  sandbox: TestSandbox,
  { redis, upstream, deployment, changes }: ProxyOptions,
): Promise<{ pod: RunningPod; address: string }> {
  const port = await freePort();
  const { proxy } = loadSettings(stackFile("sandbox"));
  if (!proxy) throw new Error("The sample company has no proxy.");
  const pod = await runPod(sandbox, {
    namespace: "reports",
    deployment,
    replace: {
      ...changes,
      [`rediss://${proxy.redis.host}:${proxy.redis.port}`]: `rediss://${redis.address}`,
      "0.0.0.0:4180": `127.0.0.1:${port}`,
      "http://reports.reports.svc:80/": upstream.url,
    },
    env: {
      PATH: `${dirname(await ensureOauth2Proxy())}:/usr/bin:/bin`,
      HTTPS_PROXY: sandbox.record.proxy,
      SSL_CERT_FILE: trusted(sandbox, redis),
    },
  });
  const address = `http://127.0.0.1:${port}`;
  try {
    await untilReady(pod, `${address}/ready`);
  } catch (error) {
    await pod.stop();
    throw error;
  }
  return { pod, address };
}

/** The sandbox's authority and Redis' in one file. */
function trusted(sandbox: TestSandbox, redis: RunningRedis): string {
  const file = join(sandbox.layout.run, "proxy-test-ca.pem");
  writeFileSync(file, readFileSync(sandbox.record.caFile, "utf8") + redis.caPem);
  return file;
}
