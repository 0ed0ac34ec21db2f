import { request } from "node:http";
import type { Socket } from "node:net";
import type { V1Container, V1Probe } from "@kubernetes/client-node";

/** How a container is asked. */
export interface ProbeTarget {
  readonly container: V1Container;
  dial(port: number): Socket | undefined;
  exec(command: readonly string[], timeoutMs: number): Promise<{ exitCode: number; output: string }>;
}

/** What one question brought: undefined is a yes, a text the reason of the no. */
export type Answer = string | undefined;

/** Asks once, as the kubelet does: HTTP 200 to 399, an open port, or exit code 0. */
export async function ask(probe: V1Probe, target: ProbeTarget): Promise<Answer> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  try {
    if (probe.exec) return await askCommand(probe.exec.command ?? [], target, timeoutMs);
    if (probe.httpGet) return await askHttp(probe.httpGet, target, timeoutMs);
    if (probe.tcpSocket) return await askPort(portOf(probe.tcpSocket.port, target.container), target, timeoutMs);
    return "it asks in a way that this machine does not know: exec, httpGet and tcpSocket are";
  } catch (error) {
    return (error as Error).message;
  }
}

async function askCommand(command: readonly string[], target: ProbeTarget, timeoutMs: number): Promise<Answer> {
  const { exitCode, output } = await target.exec(command, timeoutMs);
  return exitCode === 0 ? undefined : `${command[0]} ended with ${exitCode}: ${output.trim().slice(-300)}`;
}

function askHttp(
  { path = "/", port, httpHeaders = [], scheme = "HTTP" }: NonNullable<V1Probe["httpGet"]>,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<Answer> {
  if (scheme !== "HTTP") return Promise.resolve("it asks over HTTPS, which no tool here does");
  const number = portOf(port, target.container);
  const socket = target.dial(number);
  if (!socket) return Promise.resolve(`the container declares no port ${number}`);
  return new Promise((resolve) => {
    const end = (answer: Answer) => {
      socket.destroy();
      resolve(answer);
    };
    const asked = request(
      {
        createConnection: () => socket,
        path,
        headers: {
          "user-agent": "kube-probe/1.36",
          ...Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value])),
        },
        setHost: true,
        host: "127.0.0.1",
        port: number,
        timeout: timeoutMs,
      },
      (response) => {
        response.resume();
        const { statusCode: status = 0 } = response;
        end(status >= 200 && status < 400 ? undefined : `${path} answered ${status}`);
      },
    );
    const timer = setTimeout(() => end(`${path} did not answer within ${timeoutMs / 1000} s`), timeoutMs);
    asked.once("close", () => clearTimeout(timer));
    asked.once("error", (error) => end(`${path}: ${error.message}`));
    asked.end();
  });
}

/** The relay takes every connection; one to a port where nobody listens ends at once. */
function askPort(port: number, target: ProbeTarget, timeoutMs: number): Promise<Answer> {
  const socket = target.dial(port);
  if (!socket) return Promise.resolve(`the container declares no port ${port}`);
  const heldMs = Math.min(timeoutMs, 200);
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(undefined), heldMs);
    const end = (answer: Answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.once("close", () => end(`nobody listens at port ${port}`));
    socket.once("error", (error) => end(error.message));
  });
}

/** A port by its number, or by the name that the container gives it. */
export function portOf(port: number | string | object, container: V1Container): number {
  if (typeof port === "number") return port;
  const found = container.ports?.find(({ name }) => name === port)?.containerPort;
  if (found === undefined) throw new Error(`the container ${container.name} has no port called ${String(port)}`);
  return found;
}
