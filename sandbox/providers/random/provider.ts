import { randomBytes, randomUUID } from "node:crypto";
import type { PropertyMap, ProviderImplementation } from "../protocol/types.ts";
import { implement, type ResourceKind } from "../resource.ts";
import type { PropertySchema, PropertySchemas } from "../schema/types.ts";
import { randomText, refusal } from "./generate.ts";

/** The version of the SDK that the program uses. */
const VERSION = "4.21.2";

const KEEPERS: PropertySchema = { type: "map", items: { type: "string" }, replace: true };
const LENGTH: PropertySchema = { type: "integer", required: true, replace: true };
const flag: PropertySchema = { type: "boolean", replace: true, default: true };
const minimum: PropertySchema = { type: "integer", replace: true, default: 0 };
const TEXT_SCHEMAS: PropertySchemas = {
  keepers: KEEPERS,
  length: LENGTH,
  lower: flag,
  minLower: minimum,
  minNumeric: minimum,
  minSpecial: minimum,
  minUpper: minimum,
  number: { type: "boolean", replace: true },
  numeric: flag,
  overrideSpecial: { type: "string", replace: true },
  special: flag,
  upper: flag,
};

interface Drawn {
  readonly id: string;
  readonly outputs: PropertyMap;
}

/** A value that is drawn once and lives in the state alone: nothing to read, change or delete anywhere. */
function drawnKind(
  schemas: PropertySchemas,
  outputs: ResourceKind["outputs"],
  draw: (inputs: PropertyMap) => Drawn,
  check?: ResourceKind["check"],
): ResourceKind {
  return {
    schemas,
    outputs,
    comparison: { zeroIsUnset: true },
    check,
    create: async (inputs, { created }) => {
      const { id, outputs: drawn } = draw(inputs);
      created(id, drawn);
      return id;
    },
    read: async (id, old) => {
      if (!old) throw new Error("A random value cannot be imported into the sandbox: it lives in the state only.");
      const known = Object.keys(outputs).map((name) => [name, old.outputs[name]]);
      return { id, inputs: {}, outputs: Object.fromEntries(known) };
    },
    delete: async () => {},
    find: async () => undefined,
  };
}

const checkText: ResourceKind["check"] = (inputs) => {
  const problem = refusal(inputs);
  const old =
    inputs.number === undefined ? [] : [{ property: "number", reason: 'Use "numeric": "number" is deprecated.' }];
  return { failures: problem ? [problem, ...old] : old };
};

/** Stands in for the random plugin. Values come from the operating system's own source of randomness. */
export function randomProvider(): ProviderImplementation {
  return implement({
    name: "random",
    version: VERSION,
    kinds: {
      // The official plugin also keeps a bcrypt hash of the password; nothing here uses it, and Node has no bcrypt of its own.
      "random:index/randomPassword:RandomPassword": drawnKind(
        TEXT_SCHEMAS,
        { result: { secret: true } },
        (inputs) => ({ id: "none", outputs: { result: randomText(inputs) } }),
        checkText,
      ),
      "random:index/randomString:RandomString": drawnKind(
        TEXT_SCHEMAS,
        { result: {} },
        (inputs) => {
          const result = randomText(inputs);
          return { id: result, outputs: { result } };
        },
        checkText,
      ),
      "random:index/randomBytes:RandomBytes": drawnKind(
        { keepers: KEEPERS, length: LENGTH },
        { base64: { secret: true }, hex: { secret: true } },
        ({ length }) => {
          const bytes = randomBytes(Number(length));
          return { id: "none", outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
        },
      ),
      "random:index/randomUuid:RandomUuid": drawnKind({ keepers: KEEPERS }, { result: {} }, () => {
        const result = randomUUID();
        return { id: result, outputs: { result } };
      }),
    },
  });
}
