import { randomBytes } from "node:crypto";
import type { Json } from "../http/api.ts";
import type { Locks } from "../locks.ts";
import type { PropertyMap, PropertyValue } from "../protocol/types.ts";
import { fromJson, text } from "../read-values.ts";
import type { ResourceKind } from "../resource.ts";
import type { PropertySchemas } from "../schema/types.ts";
import { type ArmContext, finish, given, isKnown, remove, segmentsOf, withVersion } from "./arm.ts";

/** azure-native sees every value as it is, and on refresh only what the program says. */
const NATIVE = { zeroIsUnset: false, omittedIsUnseen: true } as const;

/** One resource type of Azure Resource Manager. */
export interface ArmType {
  readonly apiVersion: string;
  readonly schemas: PropertySchemas;
  /** Outputs besides the inputs and `name`, `type` and `azureApiVersion`, which all have. */
  readonly outputs: readonly string[];
  /** What Azure adds inside `properties`, and whether an update leaves it as it is. */
  readonly propertiesOutputs?: Readonly<Record<string, "stable" | "changing">>;
  /** The same inside other inputs that are objects, by the input's name. */
  readonly nestedOutputs?: Readonly<Record<string, Readonly<Record<string, "stable" | "changing">>>>;
  /** Whether Azure has it from the start, so that finding it at a creation is no mistake. */
  readonly always?: boolean;
  /** The input that names the resource; chosen by us when the program leaves it out. */
  readonly nameInput: string;
  /** Makes a name from the logical one: by default with eight random hexadecimal digits behind it. */
  autoname?(logicalName: string): string;
  /** Inputs that must be known for the id. */
  readonly idInputs: readonly string[];
  id(inputs: PropertyMap, subscriptionId: string): string;
  /** Inputs that are told by the id alone. */
  inputsOfId(id: string): PropertyMap;
  body(inputs: PropertyMap): Json;
  /** Inputs and outputs that are told by the resource itself. */
  live(resource: Json): { readonly inputs: PropertyMap; readonly outputs: PropertyMap };
  readonly located?: boolean;
  /** Requests of resources with the same key run one after the other. */
  lockKey?(id: string): string;
  /** A refusal that ends by itself soon: a principal that is not replicated yet. */
  retry?(status: number, codeAndMessage: string): boolean;
  /** Runs in place of the DELETE on ARM. */
  deleteBy?(context: ArmContext, id: string): Promise<void>;
  /** Runs in place of the plain PUT. */
  putBy?(context: ArmContext, id: string, put: () => Promise<void>): Promise<void>;
}

/** The requests that all of ARM's resources share: existence check, PUT, polling, GET, DELETE. */
export function armKind(context: ArmContext, locks: Locks, type: ArmType): ResourceKind {
  const { api } = context;
  const version = (path: string) => withVersion(path, type.apiVersion);

  async function put(id: string, inputs: PropertyMap, timeoutSeconds: number, accepted?: () => void): Promise<void> {
    const location = type.located ? { location: await locationOf(inputs, id) } : {};
    const send = async () => {
      const answer = await api.call(
        "PUT",
        version(id),
        { ...given(type.body(inputs)), ...location },
        { retry: type.retry },
      );
      accepted?.();
      await finish(context, version(id), answer, timeoutSeconds);
    };
    await locks(type.lockKey?.(id) ?? id, () => type.putBy?.(context, id, send) ?? send());
  }

  /** A resource without a location of its own lies where its provider says, else where its resource group lies. */
  async function locationOf(inputs: PropertyMap, id: string): Promise<string> {
    const own = text(inputs.location) ?? context.defaultLocation();
    if (own) return own;
    const group = `/subscriptions/${context.subscriptionId}/resourcegroups/${segmentsOf(id).resourcegroups}`;
    const { body } = await api.call("GET", withVersion(group, "2024-03-01"));
    return String(body.location);
  }

  return {
    schemas: type.schemas,
    outputs: Object.fromEntries(["name", "type", "azureApiVersion", ...type.outputs].map((name) => [name, {}])),
    comparison: NATIVE,
    nestedOutputs: {
      ...type.nestedOutputs,
      ...(type.propertiesOutputs && { properties: type.propertiesOutputs }),
    },
    deleteBeforeReplace: (olds, news) =>
      isKnown(olds, type.idInputs) &&
      isKnown(news, type.idInputs) &&
      sameId(type.id(olds, context.subscriptionId), type.id(news, context.subscriptionId)),
    check: (inputs, ref, olds) => {
      if (inputs[type.nameInput] !== undefined) return { failures: [] };
      const logicalName = ref.urn.split("::").slice(3).join("::");
      const name =
        olds?.[type.nameInput] ?? type.autoname?.(logicalName) ?? `${logicalName}${randomBytes(4).toString("hex")}`;
      return { inputs: { ...inputs, [type.nameInput]: name }, failures: [] };
    },
    create: async (inputs, { created, timeoutSeconds }) => {
      const id = type.id(inputs, context.subscriptionId);
      if (type.always !== true && (await api.find(version(id))))
        throw new Error(`cannot create already existing resource "${id}". Import it, or choose another name.`);
      await put(id, inputs, timeoutSeconds, () => created(id));
      return id;
    },
    read: async (id, old) => {
      const resource = await api.find(version(id));
      if (!resource) return undefined;
      const { inputs, outputs } = type.live(resource);
      const located: PropertyMap = type.located
        ? { location: locationAsGiven(text(old?.inputs.location), resource.location) }
        : {};
      return {
        id: String(resource.id ?? id),
        inputs: { ...type.inputsOfId(id), ...inputs, ...located },
        outputs: {
          ...outputs,
          name: fromJson(resource.name),
          type: fromJson(resource.type),
          azureApiVersion: type.apiVersion,
        },
      };
    },
    update: (id, _old, news) => put(id, news, 600),
    delete: async (id, _outputs, timeoutSeconds) => {
      if (type.deleteBy) return type.deleteBy(context, id);
      await locks(type.lockKey?.(id) ?? id, async () => {
        const answer = await remove(api, version(id));
        if (answer?.status === 202)
          await finishDeletion(answer.headers.location ?? answer.headers["azure-asyncoperation"]);
        await api.gone(version(id), timeoutSeconds);
      });
    },
    find: async (inputs) => {
      if (!isKnown(inputs, type.idInputs)) return undefined;
      const resource = await api.find(version(type.id(inputs, context.subscriptionId)));
      return resource && String(resource.id);
    },
  };

  async function finishDeletion(monitor: string | undefined): Promise<void> {
    if (monitor) await finish(context, monitor, { status: 202, headers: { location: monitor }, body: {} }, 600);
  }
}

const sameId = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

/** "West Europe" and "westeurope" are one place: the program's own form stays. */
function locationAsGiven(own: string | undefined, live: unknown): PropertyValue {
  const plain = (location: string) => location.replaceAll(" ", "").toLowerCase();
  return own && plain(own) === plain(String(live)) ? own : fromJson(live);
}
