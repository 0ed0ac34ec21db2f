import { type CallOptions, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import grpcProto from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { afterEach, expect, test } from "vitest";
import { PartialFailure } from "./errors.ts";
import { serveProvider } from "./serve.ts";
import { type ProviderImplementation, Secret, type ServedProvider, UNKNOWN } from "./types.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const URN = "urn:pulumi:dev::proj::toy:index:Thing::one";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const idle: ProviderImplementation = {
  name: "toy",
  version: "1.2.3",
  configure: async () => {},
  check: async (_ref, _olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({ changes: {} }),
  create: async (_ref, inputs) => ({ id: "1", outputs: inputs }),
  read: async () => undefined,
  update: async (_ref, _id, _old, news) => news,
  delete: async () => {},
  invoke: async (_token, args) => args,
  find: async () => undefined,
};

async function connect(overrides: Partial<ProviderImplementation>) {
  const served: ServedProvider = await serveProvider({ ...idle, ...overrides });
  const client = new grpcProto.ResourceProviderClient(`127.0.0.1:${served.port}`, credentials.createInsecure());
  closers.push(async () => {
    client.close();
    await served.close();
  });
  return client;
}

type Unary<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => unknown;
const ask = <Request, Response>(client: object, method: Unary<Request, Response>, request: Request) =>
  new Promise<Response>((resolve, reject) => {
    method.call(client, request, new Metadata(), {}, (error, response) => (error ? reject(error) : resolve(response)));
  });
const struct = (value: Record<string, unknown>) => structProto.Struct.fromJavaScript(value as never);

test("the greeting says that secrets are taken and previews are answered", async () => {
  const client = await connect({});
  const shake = await ask(client, client.handshake, new providerProto.ProviderHandshakeRequest());
  expect([shake.getAcceptSecrets(), shake.getAcceptResources(), shake.getAcceptOutputs()]).toEqual([
    true,
    false,
    false,
  ]);
  const seen: unknown[] = [];
  const configured = await connect({ configure: async (config) => void seen.push(config) });
  const request = new providerProto.ConfigureRequest();
  request.setArgs(struct({ tenantId: secret("t1") }));
  const response = await ask(configured, configured.configure, request);
  expect([response.getAcceptsecrets(), response.getSupportspreview(), response.getAcceptoutputs()]).toEqual([
    true,
    true,
    false,
  ]);
  expect(seen).toEqual([{ tenantId: "t1" }]);
});

test("create gets plain values and unknowns, and its answer is secret where the input was", async () => {
  const seen: unknown[] = [];
  const client = await connect({
    create: async (ref, inputs, options) => {
      seen.push(ref, inputs, options);
      return { id: "x", outputs: { ...inputs, made: UNKNOWN, key: new Secret("k"), gone: undefined } };
    },
  });
  const request = new providerProto.CreateRequest();
  request.setUrn(URN);
  request.setPreview(true);
  request.setTimeout(30);
  request.setProperties(
    struct({
      a: secret("hush"),
      b: { c: [secret(1), 2], d: "plain" },
      e: unknown,
      f: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }),
  );
  const response = await ask(client, client.create, request);
  expect(seen).toEqual([
    { urn: URN, type: "toy:index:Thing" },
    { a: "hush", b: { c: [1, 2], d: "plain" }, e: UNKNOWN, f: UNKNOWN },
    { preview: true, timeoutSeconds: 30 },
  ]);
  expect(response.getProperties()?.toJavaScript()).toEqual({
    a: secret("hush"),
    b: { c: secret([1, 2]), d: "plain" },
    e: unknown,
    f: unknown,
    made: unknown,
    key: secret("k"),
  });
});

test("output values and resource references are read, assets refused", async () => {
  const seen: unknown[] = [];
  const client = await connect({
    create: async (_ref, inputs) => {
      seen.push(inputs);
      return { id: "x", outputs: {} };
    },
  });
  const special = (signature: string, rest: object) => ({ [SIGNATURE]: signature, ...rest });
  const outputValue = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
  const reference = "5cf8f73096256a8f31e491e813e4eb8e";
  const request = new providerProto.CreateRequest();
  request.setUrn(URN);
  request.setProperties(
    struct({
      known: special(outputValue, { value: "v", dependencies: [] }),
      later: special(outputValue, { dependencies: [] }),
      made: special(reference, { urn: URN, id: "7" }),
      unmade: special(reference, { urn: URN, id: "" }),
    }),
  );
  await ask(client, client.create, request);
  expect(seen).toEqual([{ known: "v", later: UNKNOWN, made: "7", unmade: UNKNOWN }]);
  request.setProperties(struct({ file: special("c44067f5952c0a294b673a41bacd8c17", { text: "x" }) }));
  await expect(ask(client, client.create, request)).rejects.toMatchObject({
    details: "Assets and archives are not taken by the sandbox's providers. Give the content as text instead.",
  });
});

test("check carries failures with their paths", async () => {
  const client = await connect({
    check: async (_ref, olds, news) => ({
      inputs: { ...news, old: olds?.a },
      failures: [{ property: "web.logoutUrl", reason: "is not a URL" }],
    }),
  });
  const request = new providerProto.CheckRequest();
  request.setUrn(URN);
  request.setOlds(struct({ a: 1 }));
  request.setNews(struct({ b: secret(2) }));
  const response = await ask(client, client.check, request);
  expect(response.getInputs()?.toJavaScript()).toEqual({ b: secret(2), old: 1 });
  expect(response.getFailuresList().map((failure) => failure.toObject())).toEqual([
    { property: "web.logoutUrl", reason: "is not a URL" },
  ]);
});

test("diff answers details, replacements and what ignoreChanges leaves", async () => {
  const client = await connect({
    diff: async () => ({
      changes: { name: "update-replace", "appRoles[1].description": "update", "owners[0]": "add", "tags.x": "delete" },
      deleteBeforeReplace: true,
    }),
  });
  const request = new providerProto.DiffRequest();
  request.setUrn(URN);
  request.setIgnorechangesList(["appRoles[*].description", "tags"]);
  const response = await ask(client, client.diff, request);
  const { UPDATE_REPLACE, ADD } = providerProto.PropertyDiff.Kind;
  expect(response.getChanges()).toBe(providerProto.DiffResponse.DiffChanges.DIFF_SOME);
  expect(response.getReplacesList()).toEqual(["name"]);
  expect(response.getDiffsList()).toEqual(["name", "owners"]);
  expect(response.getDeletebeforereplace()).toBe(true);
  const details = response.getDetaileddiffMap();
  expect(details.getLength()).toBe(2);
  expect(details.get("name")?.toObject()).toEqual({ kind: UPDATE_REPLACE, inputdiff: true });
  expect(details.get("owners[0]")?.toObject()).toEqual({ kind: ADD, inputdiff: true });
  request.setIgnorechangesList(["name", "appRoles", "owners", "tags"]);
  const ignored = await ask(client, client.diff, request);
  expect(ignored.getChanges()).toBe(providerProto.DiffResponse.DiffChanges.DIFF_NONE);
  expect(ignored.getDeletebeforereplace()).toBe(false);
});

test("read tells import from refresh, keeps secrets of the state, and answers no id for what is gone", async () => {
  const olds: unknown[] = [];
  const client = await connect({
    read: async (_ref, id, old) => {
      olds.push(old);
      return id === "gone" ? undefined : { id, inputs: { a: "x" }, outputs: { a: "x", value: "v" } };
    },
  });
  const request = new providerProto.ReadRequest();
  request.setUrn(URN);
  request.setId("7");
  expect((await ask(client, client.read, request)).getProperties()?.toJavaScript()).toEqual({ a: "x", value: "v" });
  request.setInputs(struct({ a: secret("x") }));
  request.setProperties(struct({ a: secret("x"), value: secret("v") }));
  const refreshed = await ask(client, client.read, request);
  expect(refreshed.getInputs()?.toJavaScript()).toEqual({ a: secret("x") });
  expect(refreshed.getProperties()?.toJavaScript()).toEqual({ a: secret("x"), value: secret("v") });
  request.setId("gone");
  expect((await ask(client, client.read, request)).getId()).toBe("");
  expect(olds).toEqual([undefined, { inputs: { a: "x" }, outputs: { a: "x", value: "v" } }, expect.anything()]);
});

test("update, delete and invoke reach the implementation", async () => {
  const seen: unknown[] = [];
  const client = await connect({
    update: async (_ref, id, old, news, options) => {
      seen.push([id, old, news, options]);
      return news;
    },
    delete: async (_ref, id, outputs, options) => void seen.push([id, outputs, options]),
    invoke: async (token, args) => ({ token, ...args }),
  });
  const update = new providerProto.UpdateRequest();
  update.setUrn(URN);
  update.setId("7");
  update.setOlds(struct({ out: secret(1) }));
  update.setOldInputs(struct({ a: 1 }));
  update.setNews(struct({ a: secret(2) }));
  expect((await ask(client, client.update, update)).getProperties()?.toJavaScript()).toEqual({ a: secret(2) });
  const remove = new providerProto.DeleteRequest();
  remove.setUrn(URN);
  remove.setId("7");
  remove.setProperties(struct({ out: secret(1) }));
  await ask(client, client.delete, remove);
  const options = { preview: false, timeoutSeconds: 600 };
  expect(seen).toEqual([
    ["7", { inputs: { a: 1 }, outputs: { out: 1 } }, { a: 2 }, options],
    ["7", { out: 1 }, { timeoutSeconds: 600 }],
  ]);
  const invoke = new providerProto.InvokeRequest();
  invoke.setTok("toy:index:get");
  invoke.setArgs(struct({ name: "n" }));
  expect((await ask(client, client.invoke, invoke)).getReturn()?.toJavaScript()).toEqual({
    token: "toy:index:get",
    name: "n",
  });
});

test("a partial failure carries the resource as far as it came, its secrets marked", async () => {
  const client = await connect({
    create: async () => {
      throw new PartialFailure("7", { a: "hush" }, new Error("The owner could not be added."));
    },
  });
  const request = new providerProto.CreateRequest();
  request.setUrn(URN);
  request.setProperties(struct({ a: secret("hush") }));
  const error: ServiceError = await ask(client, client.create, request).then(
    () => expect.unreachable(),
    (thrown) => thrown,
  );
  expect([error.code, error.details]).toEqual([status.UNKNOWN, "The owner could not be added."]);
  const [packed] = error.metadata.get("grpc-status-details-bin");
  const [any] = statusProto.Status.deserializeBinary(packed as Buffer).getDetailsList();
  expect(any?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
  const failed = providerProto.ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array());
  expect(failed.getId()).toBe("7");
  expect(failed.getReasonsList()).toEqual(["The owner could not be added."]);
  expect(failed.getProperties()?.toJavaScript()).toEqual({ a: secret("hush") });
});

test("requests run side by side", async () => {
  let release = () => {};
  const blocked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const client = await connect({
    create: async (_ref, inputs) => {
      if (inputs.first === true) await blocked;
      else release();
      return { id: "1", outputs: {} };
    },
  });
  const request = (first: boolean) => {
    const create = new providerProto.CreateRequest();
    create.setUrn(URN);
    create.setProperties(struct({ first }));
    return create;
  };
  await Promise.all([ask(client, client.create, request(true)), ask(client, client.create, request(false))]);
});
