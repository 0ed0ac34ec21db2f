import { rmSync } from "node:fs";
import { identify } from "../processes.ts";
import { startControlServer } from "./control-server.ts";
import { onEnd } from "./on-end.ts";
import { startParts } from "./parts.ts";
import { removeRecord, type SupervisorRecord, writeRecord } from "./record.ts";
import { readRequest, type SandboxRequest } from "./request.ts";
import { softwareOf } from "./software.ts";

/**
 * The sandbox's one long-running process: it hosts the emulator, the proxy and the provider stand-ins and starts the
 * control plane. Commands find it by its record; SIGTERM ends it with everything that it started.
 */
const [requestFile] = process.argv.slice(2);
if (requestFile === undefined)
  throw new Error("The supervisor is started by `entrada sandbox up`, with a request file.");
const request = readRequest(requestFile);
rmSync(requestFile);
await supervise(request);

async function supervise({ layout, ...asked }: SandboxRequest): Promise<void> {
  const own = identify(process.pid);
  if (own === undefined) throw new Error("This process cannot see itself in the process table.");
  const log = (text: string) => console.log(`${new Date().toISOString()} ${text}`);
  const base: SupervisorRecord = {
    process: own,
    phase: "starting",
    proxy: "",
    caFile: "",
    kubeconfig: "",
    tenantId: asked.tenantId,
    software: softwareOf(asked.toolchain),
    control: { url: "", token: "" },
    providers: {},
    children: [],
  };
  writeRecord(layout, base);
  try {
    const parts = await startParts({ layout, ...asked }, log);
    const control = await startControlServer(parts.handlers);
    onEnd(async () => {
      await control.close();
      await parts.stop();
      removeRecord(layout);
    }, log);
    writeRecord(layout, {
      ...base,
      ...parts.record,
      phase: "ready",
      control: { url: control.url, token: control.token },
    });
    log("ready");
  } catch (error) {
    log((error as Error).stack ?? String(error));
    writeRecord(layout, { ...base, phase: "failed", failure: (error as Error).message });
    process.exit(1);
  }
}
