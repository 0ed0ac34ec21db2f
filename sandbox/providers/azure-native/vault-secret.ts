import { setTimeout as sleepFor } from "node:timers/promises";
import { ApiError, type Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { fromJson, map, required } from "../read-values.ts";
import { type ArmContext, given, remove, segmentsOf } from "./arm.ts";
import type { ArmType } from "./kind.ts";
import { FLAG, IDENTITY, object, PARENT, pick, properties, TAGS, TEXT, vault, WHOLE } from "./types.ts";

const DATA_PLANE = "7.4";
/** How long a recovered secret may take until it can be written, as officially: 3 minutes. */
const RECOVERY_SECONDS = 180;

const dataPath = (id: string, collection: "secrets" | "deletedsecrets", action = "") => {
  const { vaults, secrets } = segmentsOf(id);
  return `https://${vaults}.vault.azure.net/${collection}/${secrets}${action}?api-version=${DATA_PLANE}`;
};

/**
 * A secret in a vault. Written and read through ARM, which never gives the value back: it stays among the inputs only.
 * Deleted through the vault itself, since ARM can't.
 */
export const vaultSecret: ArmType = {
  apiVersion: "2024-11-01",
  schemas: {
    resourceGroupName: PARENT,
    secretName: IDENTITY,
    tags: TAGS,
    vaultName: PARENT,
    properties: object(
      {
        value: { type: "string", secret: true },
        contentType: TEXT,
        attributes: object({ enabled: FLAG, expires: WHOLE, notBefore: WHOLE }),
      },
      { required: true },
    ),
  },
  outputs: ["location"],
  propertiesOutputs: { secretUri: "stable", secretUriWithVersion: "changing" },
  nameInput: "secretName",
  idInputs: ["resourceGroupName", "vaultName", "secretName"],
  id: (inputs, subscriptionId) => `${vault.id(inputs, subscriptionId)}/secrets/${required(inputs, "secretName")}`,
  inputsOfId: (id) => ({ ...vault.inputsOfId(id), secretName: segmentsOf(id).secrets }),
  body: (inputs) => ({ properties: secretBody(map(inputs.properties)), tags: inputs.tags }),
  live: (resource) => ({
    inputs: { properties: secretProperties(properties(resource)), ...pick(resource, ["tags"]) },
    outputs: { location: fromJson(resource.location) },
  }),
  deleteBy: async ({ vault: api }, id) => {
    await remove(api, dataPath(id, "secrets"));
  },
  putBy: async (context, id, put) => {
    try {
      await put();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      await recover(context, id, error);
      await put();
    }
  },
};

/** A deleted secret keeps its name until it is purged: bring it back and go on. Without one the conflict stands. */
async function recover({ vault: api, sleep = sleepFor }: ArmContext, id: string, conflict: ApiError): Promise<void> {
  if (!(await api.find(dataPath(id, "deletedsecrets")))) throw conflict;
  await api.call("POST", dataPath(id, "deletedsecrets", "/recover"));
  for (let waited = 0; waited < RECOVERY_SECONDS; waited++) {
    if (await api.find(dataPath(id, "secrets"))) return;
    await sleep(1_000);
  }
  throw new Error(`The deleted secret ${id} was not recovered within ${RECOVERY_SECONDS} s.`);
}

/** ARM's own names for the dates are exp and nbf, in seconds since 1970. */
function secretBody({ value, contentType, attributes }: PropertyMap): Json {
  const { enabled, expires, notBefore } = map(attributes);
  return given({
    value,
    contentType,
    ...(attributes && { attributes: given({ enabled, exp: expires, nbf: notBefore }) }),
  });
}

function secretProperties({ value: _value, attributes, ...rest }: Json): PropertyMap {
  const { exp, nbf, ...others } = (attributes ?? {}) as Json;
  const dates = given({ expires: exp, notBefore: nbf });
  return fromJson({ ...rest, attributes: { ...others, ...dates } }) as PropertyMap;
}
