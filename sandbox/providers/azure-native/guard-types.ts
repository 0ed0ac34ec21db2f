import type { PropertyMap } from "../protocol/types.ts";
import { required } from "../read-values.ts";
import type { PropertySchemas } from "../schema/types.ts";
import type { ArmType } from "./kind.ts";
import { FLAG, IDENTITY, object, PARENT, pick, properties, TEXT, TEXTS } from "./types.ts";

/** A resource that says something of the scope at which it lies. */
function extensionType(
  kind: string,
  nameInput: string,
  own: PropertySchemas,
  apiVersion: string,
  outputs: readonly string[] = [],
): ArmType {
  const names = Object.keys(own);
  const separator = `/providers/${kind}/`;
  return {
    apiVersion,
    schemas: { scope: PARENT, [nameInput]: IDENTITY, ...own },
    outputs,
    nameInput,
    idInputs: ["scope", nameInput],
    id: (inputs) => `${required(inputs, "scope")}${separator}${required(inputs, nameInput)}`,
    inputsOfId: (id) => {
      const [scope, name] = id.split(new RegExp(separator, "i"));
      return { scope, [nameInput]: name };
    },
    body: (inputs) => ({ properties: Object.fromEntries(names.map((name) => [name, inputs[name]])) }),
    live: (resource) => ({
      inputs: pick(properties(resource), names),
      outputs: pick(properties(resource), outputs),
    }),
  };
}

/** https://learn.microsoft.com/rest/api/resources/management-locks */
export const managementLock = extensionType(
  "Microsoft.Authorization/locks",
  "lockName",
  { level: { type: "string", required: true }, notes: TEXT },
  "2020-05-01",
);

/** https://learn.microsoft.com/rest/api/consumption/budgets */
export const budget = extensionType(
  "Microsoft.Consumption/budgets",
  "budgetName",
  {
    amount: { type: "number", required: true },
    category: { type: "string", required: true },
    notifications: {
      type: "map",
      items: object({
        contactEmails: TEXTS,
        contactRoles: TEXTS,
        enabled: FLAG,
        operator: TEXT,
        threshold: { type: "number" },
        thresholdType: TEXT,
      }),
    },
    timeGrain: { type: "string", required: true },
    timePeriod: object({ startDate: TEXT, endDate: TEXT }, { required: true }),
  },
  "2024-08-01",
  ["currentSpend"],
);

const SETTINGS = "/providers/microsoft.aadiam/diagnosticSettings/";
const SETTING = ["logs", "workspaceId"];

/** Entra's own logs, which lie below no subscription. */
export const entraDiagnosticSetting: ArmType = {
  apiVersion: "2017-04-01",
  schemas: {
    logs: { type: "list", items: object({ category: TEXT, enabled: FLAG }) },
    name: IDENTITY,
    workspaceId: TEXT,
  },
  outputs: [],
  nameInput: "name",
  idInputs: ["name"],
  id: (inputs) => `${SETTINGS}${required(inputs, "name")}`,
  inputsOfId: (id): PropertyMap => ({ name: id.slice(id.lastIndexOf("/") + 1) }),
  body: (inputs) => ({ properties: Object.fromEntries(SETTING.map((name) => [name, inputs[name]])) }),
  live: (resource) => ({ inputs: pick(properties(resource), SETTING), outputs: {} }),
};
