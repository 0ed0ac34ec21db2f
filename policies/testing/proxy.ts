import * as sdk from "@pulumi/policy/proxy.js";

/**
 * The SDK's proxy that throws when an unknown is read. Its root module exports it too, but loads the whole Pulumi runtime,
 * which costs every test file a second; its type declarations leave both names out.
 */
export const { unknownCheckingProxy, UnknownValueError } = sdk as unknown as {
  unknownCheckingProxy(props: object): Record<string, unknown>;
  UnknownValueError: new () => Error;
};
