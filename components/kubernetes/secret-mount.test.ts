import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runProgram, settled } from "../testing/mocks.ts";
import { providerParameters, SecretMount, type SecretMountArgs } from "./secret-mount.ts";

const args: SecretMountArgs = {
  namespace: "tool",
  className: "tool",
  vaultName: "kv-dev-3fa9c1",
  tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10",
  clientId: "client",
  secrets: [
    { secretName: "tool-key-a", file: "key", version: "v1" },
    { secretName: "tool-redis", file: "redis-password", version: "v2" },
  ],
};

describe("SecretMount", () => {
  it("mounts the vault's secrets as files of the pod and tells their versions", async () => {
    let versions: string | undefined;
    let mount: SecretMount | undefined;
    const run = await runProgram(async () => {
      mount = new SecretMount("tool-secrets", args);
      versions = await settled(mount.versions);
    });
    const type = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass";
    expect(run.counts()).toEqual({ [type]: 1 });
    expect(run.find(type, "tool-secrets").inputs).toMatchObject({
      metadata: { name: "tool", namespace: "tool" },
      spec: { provider: "azure" },
    });
    expect(versions).toBe("key=v1,redis-password=v2");
    expect(mount?.volumeMount).toEqual({ name: "secrets", mountPath: "/mnt/secrets", readOnly: true });
  });
});

describe("providerParameters", () => {
  it("gives strings only, and each secret as YAML inside YAML", () => {
    const parameters = providerParameters(args);
    expect(Object.values(parameters).every((value) => typeof value === "string")).toBe(true);
    expect(parameters).toMatchObject({ clientID: "client", usePodIdentity: "false", useVMManagedIdentity: "false" });
    const { array } = parse(parameters.objects) as { array: string[] };
    expect(array.map((item) => parse(item) as unknown)).toEqual([
      { objectName: "tool-key-a", objectType: "secret", objectAlias: "key", objectVersion: "", filePermission: "0444" },
      {
        objectName: "tool-redis",
        objectType: "secret",
        objectAlias: "redis-password",
        objectVersion: "",
        filePermission: "0444",
      },
    ]);
  });

  it("names an encoding where a file is binary, and only there", () => {
    const binary = { secretName: "tool-key-der", file: "key.der", version: "v3", encoding: "base64" } as const;
    const { objects } = providerParameters({ ...args, secrets: [...args.secrets, binary] });
    const { array } = parse(objects) as { array: string[] };
    expect(array.map((item) => (parse(item) as { objectEncoding?: string }).objectEncoding)).toEqual([
      undefined,
      undefined,
      "base64",
    ]);
    expect(objects.split("\n").slice(0, 13)).toEqual(providerParameters(args).objects.split("\n").slice(0, 13));
  });
});
