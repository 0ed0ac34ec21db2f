import type { PropertyMap, ProviderImplementation } from "../protocol/types.ts";
import { implement, type ResourceKind } from "../resource.ts";
import { generateRsaKey } from "./rsa-key.ts";

/** The version of the SDK that the program uses. */
const VERSION = "5.6.1";

/** What the official provider fills in, also for what the algorithm does not use. */
const DEFAULTS = { rsaBits: 2048, ecdsaCurve: "P224" };
/** Sizes that Node draws and OpenSSL takes. */
const RSA_BITS = [1024, 2048, 3072, 4096, 8192];

const privateKey: ResourceKind = {
  schemas: {
    algorithm: { type: "string", required: true, replace: true },
    ecdsaCurve: { type: "string", replace: true, computed: true },
    rsaBits: { type: "integer", replace: true, computed: true },
  },
  outputs: {
    privateKeyPem: { secret: true },
    privateKeyPemPkcs8: { secret: true },
    publicKeyPem: {},
    publicKeyOpenssh: {},
    publicKeyFingerprintMd5: {},
    publicKeyFingerprintSha256: {},
  },
  comparison: { zeroIsUnset: true },
  check: (inputs) => ({ failures: refusals(inputs) }),
  create: async (inputs, { created }) => {
    const { id, outputs } = await generateRsaKey(Number(inputs.rsaBits ?? DEFAULTS.rsaBits));
    created(id, outputs);
    return id;
  },
  read: async (id, old) => {
    if (!old) throw new Error("A private key cannot be imported into the sandbox: it lives in the state only.");
    const { algorithm, rsaBits, ecdsaCurve }: PropertyMap = { ...DEFAULTS, ...old.outputs, ...old.inputs };
    const known = Object.keys(privateKey.outputs).map((name) => [name, old.outputs[name]]);
    return { id, inputs: { algorithm, rsaBits, ecdsaCurve }, outputs: Object.fromEntries(known) };
  },
  delete: async () => {},
  find: async () => undefined,
};

function refusals({ algorithm, rsaBits }: PropertyMap) {
  if (typeof algorithm === "string" && algorithm !== "RSA") {
    const reason = `The sandbox draws RSA keys only, got ${JSON.stringify(algorithm)}.`;
    return [{ property: "algorithm", reason }];
  }
  if (typeof rsaBits === "number" && !RSA_BITS.includes(rsaBits)) {
    return [{ property: "rsaBits", reason: `The sandbox draws keys of ${RSA_BITS.join(", ")} bits, got ${rsaBits}.` }];
  }
  return [];
}

/** Stands in for the tls plugin. Keys are drawn by OpenSSL and live in the state alone. */
export function tlsProvider(): ProviderImplementation {
  return implement({ name: "tls", version: VERSION, kinds: { "tls:index/privateKey:PrivateKey": privateKey } });
}
