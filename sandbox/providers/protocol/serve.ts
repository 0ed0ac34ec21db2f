import { type handleUnaryCall, Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import grpcProto from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { toServiceError } from "./errors.ts";
import { handlersFor } from "./handlers.ts";
import type { ProviderImplementation, ServedProvider } from "./types.ts";

/** The engine's own limit: a large state entry must not fail on gRPC's default of 4 MB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * Serves a provider stand-in over Pulumi's provider protocol (gRPC) on 127.0.0.1 and a free port. The engine attaches to
 * it through `PULUMI_DEBUG_PROVIDERS=<name>:<port>`. Requests run side by side, as the engine asks for them; `close`
 * waits for those in hand.
 */
export async function serveProvider(implementation: ProviderImplementation): Promise<ServedProvider> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const handlers: Record<string, (request: never) => Promise<unknown>> = handlersFor(implementation);
  const methods = Object.entries(handlers).map(([name, handle]) => [name, unary(handle)] as const);
  server.addService(grpcProto.ResourceProviderService, Object.fromEntries(methods) as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { name: implementation.name, port, close: () => closeServer(server) };
}

function unary(handle: (request: never) => Promise<unknown>): handleUnaryCall<never, unknown> {
  return (call, callback) => {
    handle(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(toServiceError(error), null),
    );
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A client that keeps its connection open would hold the server for ever: cut it after a moment.
    const cut = setTimeout(() => server.forceShutdown(), 2_000);
    server.tryShutdown(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
