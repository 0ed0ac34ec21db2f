import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { PartialFailure } from "./errors.ts";
import { liesWithin, parsePath } from "./paths.ts";
import { concealLike, reveal } from "./secrecy.ts";
import type { ChangeKind, DiffResult, ProviderImplementation, ResourceRef } from "./types.ts";
import { decodeStruct, encodeStruct } from "./values.ts";

/** Used when the engine names no limit of its own (`customTimeouts`). */
const DEFAULT_TIMEOUT_SECONDS = 600;

const CHANGE_KINDS: Record<ChangeKind, keyof typeof rpc.PropertyDiff.Kind> = {
  add: "ADD",
  "add-replace": "ADD_REPLACE",
  delete: "DELETE",
  "delete-replace": "DELETE_REPLACE",
  update: "UPDATE",
  "update-replace": "UPDATE_REPLACE",
};

const refOf = (request: { getType(): string; getUrn(): string }): ResourceRef => {
  const urn = request.getUrn();
  // Older engines leave the type out: it is the last part of the URN's third field.
  return { urn, type: request.getType() || (urn.split("::")[2]?.split("$").at(-1) ?? "") };
};

const timeoutOf = (request: { getTimeout(): number }) => request.getTimeout() || DEFAULT_TIMEOUT_SECONDS;

/** One function per call of the provider protocol: protobuf in, plain values to the implementation, protobuf out. */
export function handlersFor(provider: ProviderImplementation) {
  return {
    handshake: async (_request: rpc.ProviderHandshakeRequest) => {
      const response = new providerProto.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    },
    attach: async () => new emptyProto.Empty(),
    cancel: async () => new emptyProto.Empty(),
    getPluginInfo: async () => {
      const response = new pluginProto.PluginInfo();
      response.setVersion(provider.version);
      return response;
    },
    getSchema: async (_request: rpc.GetSchemaRequest) => {
      const response = new providerProto.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: provider.name, version: provider.version }));
      return response;
    },
    checkConfig: async (request: rpc.CheckRequest) => {
      const response = new providerProto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    },
    diffConfig: async (request: rpc.DiffRequest) => {
      const response = new providerProto.DiffResponse();
      const same =
        JSON.stringify(request.getOldInputs()?.toJavaScript()) === JSON.stringify(request.getNews()?.toJavaScript());
      const { DIFF_NONE, DIFF_SOME } = providerProto.DiffResponse.DiffChanges;
      response.setChanges(same ? DIFF_NONE : DIFF_SOME);
      return response;
    },
    configure: async (request: rpc.ConfigureRequest) => {
      await provider.configure(reveal(decodeStruct(request.getArgs())));
      const response = new providerProto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    },
    invoke: async (request: rpc.InvokeRequest) => {
      const args = decodeStruct(request.getArgs());
      const result = await provider.invoke(request.getTok(), reveal(args));
      const response = new providerProto.InvokeResponse();
      response.setReturn(encodeStruct(concealLike(result, args)));
      return response;
    },
    check: async (request: rpc.CheckRequest) => {
      const news = decodeStruct(request.getNews());
      const olds = request.hasOlds() ? reveal(decodeStruct(request.getOlds())) : undefined;
      const result = await provider.check(refOf(request), olds, reveal(news));
      const response = new providerProto.CheckResponse();
      response.setInputs(encodeStruct(concealLike(result.inputs, news)));
      for (const { property, reason } of result.failures) {
        const failure = new providerProto.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        response.addFailures(failure);
      }
      return response;
    },
    diff: async (request: rpc.DiffRequest) => {
      const old = {
        inputs: reveal(decodeStruct(request.getOldInputs())),
        outputs: reveal(decodeStruct(request.getOlds())),
      };
      const result = await provider.diff(refOf(request), request.getId(), old, reveal(decodeStruct(request.getNews())));
      return diffResponse(result, request.getIgnorechangesList());
    },
    create: async (request: rpc.CreateRequest) => {
      const inputs = decodeStruct(request.getProperties());
      const options = { preview: request.getPreview(), timeoutSeconds: timeoutOf(request) };
      const { id, outputs } = await concealFailure(
        provider.create(refOf(request), reveal(inputs), options),
        (failure) => concealLike(failure, inputs),
      );
      const response = new providerProto.CreateResponse();
      response.setId(id);
      response.setProperties(encodeStruct(concealLike(outputs, inputs)));
      return response;
    },
    read: async (request: rpc.ReadRequest) => {
      const inputs = decodeStruct(request.getInputs());
      const outputs = decodeStruct(request.getProperties());
      const isImport = Object.keys(inputs).length === 0 && Object.keys(outputs).length === 0;
      const old = isImport ? undefined : { inputs: reveal(inputs), outputs: reveal(outputs) };
      const live = await provider.read(refOf(request), request.getId(), old);
      const response = new providerProto.ReadResponse();
      // An answer without an id says that the resource is gone.
      if (!live) return response;
      response.setId(live.id);
      response.setInputs(encodeStruct(concealLike(live.inputs, inputs)));
      response.setProperties(encodeStruct(concealLike(concealLike(live.outputs, outputs), inputs)));
      return response;
    },
    update: async (request: rpc.UpdateRequest) => {
      const news = decodeStruct(request.getNews());
      const old = {
        inputs: reveal(decodeStruct(request.getOldInputs())),
        outputs: reveal(decodeStruct(request.getOlds())),
      };
      const options = { preview: request.getPreview(), timeoutSeconds: timeoutOf(request) };
      const outputs = await concealFailure(
        provider.update(refOf(request), request.getId(), old, reveal(news), options),
        (failure) => concealLike(failure, news),
      );
      const response = new providerProto.UpdateResponse();
      response.setProperties(encodeStruct(concealLike(outputs, news)));
      return response;
    },
    delete: async (request: rpc.DeleteRequest) => {
      const outputs = reveal(decodeStruct(request.getProperties()));
      await provider.delete(refOf(request), request.getId(), outputs, { timeoutSeconds: timeoutOf(request) });
      return new emptyProto.Empty();
    },
  };
}

/** A partial failure's outputs go into the state too: what was secret must be marked there as well. */
async function concealFailure<T>(
  step: Promise<T>,
  conceal: (outputs: PartialFailure["outputs"]) => PartialFailure["outputs"],
): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof PartialFailure)
      throw new PartialFailure(error.id, conceal(error.outputs), error.cause ?? error);
    throw error;
  }
}

function diffResponse(result: DiffResult, ignored: readonly string[]): rpc.DiffResponse {
  const changes = Object.entries(result.changes).filter(
    ([path]) => !ignored.some((pattern) => liesWithin(path, pattern)),
  );
  const response = new providerProto.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = providerProto.DiffResponse.DiffChanges;
  response.setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  const top = (path: string) => String(parsePath(path)[0]);
  response.setDiffsList([...new Set(changes.map(([path]) => top(path)))]);
  const replaces = changes.filter(([, kind]) => kind.endsWith("-replace")).map(([path]) => top(path));
  response.setReplacesList([...new Set(replaces)]);
  response.setDeletebeforereplace(replaces.length > 0 && result.deleteBeforeReplace === true);
  response.setHasdetaileddiff(true);
  for (const [path, kind] of changes) {
    const detail = new providerProto.PropertyDiff();
    detail.setKind(providerProto.PropertyDiff.Kind[CHANGE_KINDS[kind]]);
    // The paths speak of inputs: the engine must look the two values up there, not among the outputs.
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}
