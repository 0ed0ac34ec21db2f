import type { ChildProcess } from "node:child_process";
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import grpcProto from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/language_pb.js";
import languageProto from "@pulumi/pulumi/proto/language_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import runtime from "@pulumi/pulumi/version.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { type NodeCommand, outcomeOf, pluginCommand, programCommand, start } from "./run.ts";

/** The engine's own limit. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export interface LanguageHost {
  readonly port: number;
  /** Ends the server and every program that it runs. */
  stop(): void;
}

/**
 * Serves Pulumi's language protocol for Node.js on a free port of 127.0.0.1: what `preview`, `up`, `destroy`, `install` and
 * policy packs ask for. Code generation and project templates are left out, and so answered with UNIMPLEMENTED.
 * @param engine the engine's address, which programs report to
 */
export async function serveLanguageHost(engine: string): Promise<LanguageHost> {
  const running = new Set<ChildProcess>();
  const begin = (command: NodeCommand) => {
    const child = start(command);
    running.add(child);
    child.once("close", () => running.delete(child));
    return child;
  };
  const stop = () => {
    for (const child of running) child.kill();
  };
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(
    grpcProto.LanguageRuntimeService as never,
    {
      ...answers,
      run: unary((request: rpc.RunRequest) => runProgram(begin(programCommand(request, engine)))),
      runPlugin: streaming((call: ServerWritableStream<rpc.RunPluginRequest, rpc.RunPluginResponse>) => {
        const child = begin(pluginCommand(call.request));
        // The engine ends a plugin by giving up the call.
        call.on("cancelled", () => child.kill());
        return copy(child, call);
      }),
      cancel: unary(async () => {
        stop();
        return new emptyProto.Empty();
      }),
    } as UntypedServiceImplementation,
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    stop: () => {
      stop();
      server.forceShutdown();
    },
  };
}

/** What can be said without running anything. */
const answers = {
  handshake: unary(async () => new languageProto.LanguageHandshakeResponse()),
  getPluginInfo: unary(async () => {
    const info = new pluginProto.PluginInfo();
    info.setVersion(runtime.version);
    return info;
  }),
  // Which plugins a program needs, it says itself with the version of each resource; nothing has to be fetched beforehand.
  getRequiredPackages: unary(async () => new languageProto.GetRequiredPackagesResponse()),
  runtimeOptionsPrompts: unary(async () => new languageProto.RuntimeOptionsResponse()),
  about: unary(async () => {
    const about = new languageProto.AboutResponse();
    about.setExecutable(process.execPath);
    about.setVersion(process.version);
    return about;
  }),
  installDependencies: streaming(
    async (call: ServerWritableStream<rpc.InstallDependenciesRequest, rpc.InstallDependenciesResponse>) => {
      throw new Error(
        `The sandbox's language host installs nothing: run \`npm ci\` in ${call.request.getDirectory()}, then the command again.`,
      );
    },
  ),
};

/** Hands the program's output to the engine by this process's own, which the engine shows, and says how it ended. */
function runProgram(child: ChildProcess): Promise<rpc.RunResponse> {
  child.stdout?.pipe(process.stdout, { end: false });
  child.stderr?.pipe(process.stderr, { end: false });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const { error, bail } = outcomeOf(code, signal);
      const response = new languageProto.RunResponse();
      response.setError(error);
      response.setBail(bail);
      resolve(response);
    });
  });
}

/** Copies what a plugin prints, and at the end its exit code. */
function copy(child: ChildProcess, call: ServerWritableStream<unknown, rpc.RunPluginResponse>): Promise<void> {
  const send = (fill: (response: rpc.RunPluginResponse) => void) => {
    const response = new languageProto.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  child.stdout?.on("data", (data: Buffer) => send((response) => response.setStdout(data)));
  child.stderr?.on("data", (data: Buffer) => send((response) => response.setStderr(data)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      send((response) => response.setExitcode(code ?? 1));
      resolve();
    });
  });
}

function unary<Request>(answer: (request: Request) => Promise<unknown>): handleUnaryCall<Request, unknown> {
  return async (call, callback) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      callback({ code: status.UNKNOWN, details: (error as Error).message });
    }
  };
}

function streaming<Request, Response>(
  answer: (call: ServerWritableStream<Request, Response>) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return async (call) => {
    try {
      await answer(call);
      call.end();
    } catch (error) {
      call.emit("error", { code: status.UNKNOWN, details: (error as Error).message });
    }
  };
}
