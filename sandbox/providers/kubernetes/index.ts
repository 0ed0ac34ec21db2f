import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { KubernetesClient } from "../../cluster/client.ts";
import { readKubeconfig } from "../../cluster/kubeconfig.ts";
import { PartialFailure } from "../protocol/errors.ts";
import type { ChangeKind, PropertyMap, ProviderImplementation, ResourceRef } from "../protocol/types.ts";
import { isMap } from "../protocol/values.ts";
import { applyObject } from "./apply.ts";
import { compareInputs } from "./compare.ts";
import { Discovery } from "./discovery.ts";
import { inputsForImport, inputsFromLive } from "./drift.ts";
import { AUTONAMED, annotation, kindOfType, metadataOf, metadataText, parseId, programName } from "./identity.ts";
import { concealSecretKind, toObject, toOutputs } from "./json.ts";
import { deleteObject, liveObject, passTerminating } from "./lifecycle.ts";
import { foretell } from "./preview.ts";
import { type Mutability, needsReplacement } from "./replacement.ts";
import { locate, placeOf, type Session } from "./session.ts";
import { waitUntilReady } from "./wait.ts";

/** A definition made by the same program is served a moment after it is established. */
const KIND_WAIT_MS = 10_000;
/**
 * Stand-in for the official Kubernetes provider: server-side apply on a real API server, with the official provider's replacements, waiting
 * rules and annotations. Creating an object that exists already takes it over, as server-side apply does there.
 */
export function createKubernetesProvider(options: {
  readonly kubeconfigFile: string;
}): ProviderImplementation & { close(): Promise<void> } {
  let mutability: Mutability = { configMaps: false, secrets: false };
  let context: string | undefined;
  let namespace: string | undefined;
  let open: { readonly text: string; readonly session: Session } | undefined;

  /** The kubeconfig is read anew each time: after a restart of the cluster its port is another one. */
  const session = async (): Promise<Session> => {
    const text = readFileSync(options.kubeconfigFile, "utf8");
    if (open?.text !== text) {
      const stale = open;
      const client = new KubernetesClient(readKubeconfig(text, context));
      open = { text, session: { client, discovery: new Discovery(client), namespace: namespace ?? client.namespace } };
      await stale?.session.client.close();
    }
    return open.session;
  };

  /** Applies for real and waits; a failure after the object exists keeps it in the engine's state. */
  const applyAndWait = async (
    inputs: PropertyMap,
    timeoutSeconds: number,
  ): Promise<{ id: string; outputs: PropertyMap }> => {
    const current = await session();
    const place = await locate(current, inputs, KIND_WAIT_MS);
    if (!place)
      throw new Error(
        `The cluster serves no ${String(inputs.kind)} of ${String(inputs.apiVersion)}: install its definition first.`,
      );
    const { client } = current;
    await passTerminating(client, place.path, timeoutSeconds);
    const applied = await applyObject(client, place.path, toObject(inputs));
    try {
      const ready = await waitUntilReady(client, place.path, applied, timeoutSeconds);
      return { id: place.id, outputs: concealSecretKind(toOutputs(ready)) };
    } catch (error) {
      const live = (await client.find(place.path)) ?? applied;
      throw new PartialFailure(place.id, concealSecretKind(toOutputs(live)), error);
    }
  };

  return {
    name: "kubernetes",
    version: sdkVersion(),

    async configure(config) {
      const flag = (name: string) => config[name] === true || config[name] === "true";
      mutability = { configMaps: flag("enableConfigMapMutable"), secrets: flag("enableSecretMutable") };
      context = typeof config.context === "string" && config.context !== "" ? config.context : undefined;
      namespace = typeof config.namespace === "string" && config.namespace !== "" ? config.namespace : undefined;
      const stale = open;
      open = undefined;
      await stale?.session.client.close();
    },

    async check(ref, olds, news) {
      const known = kindOfType(ref.type);
      if (!known) {
        return {
          inputs: news,
          failures: [
            {
              property: "",
              reason: `The sandbox's Kubernetes provider has no ${ref.type}: declare its objects one by one.`,
            },
          ],
        };
      }
      return {
        inputs: withName(
          { ...news, apiVersion: news.apiVersion ?? known.apiVersion, kind: news.kind ?? known.kind },
          olds,
          ref,
        ),
        failures: [],
      };
    },

    async diff(_ref, id, old, news) {
      const here = parseId(id);
      const changes: Record<string, ChangeKind> = {};
      for (const [path, kind] of Object.entries(compareInputs(old.inputs, news))) {
        // A namespace that was left to the provider and is now named is still the same one.
        if (path === "metadata.namespace" && metadataText(news, "namespace") === here.namespace) continue;
        if (path === "metadata.namespace" && kind === "delete" && here.namespace === (namespace ?? "default")) continue;
        const replace = needsReplacement(String(news.apiVersion), String(news.kind), path, mutability);
        changes[path] = replace ? `${kind}-replace` : kind;
      }
      const sameName =
        metadataText(news, "name") === here.name &&
        (metadataText(news, "namespace") ?? here.namespace) === here.namespace;
      // A name that was made up is made up anew for the replacement.
      return { changes, deleteBeforeReplace: sameName && annotation(news, AUTONAMED) !== "true" };
    },

    async create(_ref, inputs, { preview, timeoutSeconds }) {
      if (!preview) return applyAndWait(inputs, timeoutSeconds);
      return { id: "", outputs: await foretell(await session(), inputs) };
    },

    async read(ref, id, old) {
      const known = kindOfType(ref.type);
      if (!known) return undefined;
      const current = await session();
      const apiVersion = String(old?.inputs.apiVersion ?? known.apiVersion);
      const endpoint = await current.discovery.find(apiVersion, String(old?.inputs.kind ?? known.kind));
      const { name, namespace: inId } = parseId(id);
      if (!endpoint) return undefined;
      const place = placeOf(endpoint, name, inId ?? current.namespace);
      const live = await liveObject(current.client, place.path);
      if (!live) return undefined;
      const outputs = toOutputs(live);
      const inputs = old ? inputsFromLive(old.inputs, outputs) : concealSecretKind(inputsForImport(outputs));
      return { id: place.id, inputs, outputs: concealSecretKind(outputs) };
    },

    async update(_ref, _id, old, news, { preview, timeoutSeconds }) {
      if (preview) return foretell(await session(), news, old.outputs);
      return (await applyAndWait(news, timeoutSeconds)).outputs;
    },

    async delete(ref, id, outputs, { timeoutSeconds }) {
      const current = await session();
      const known = kindOfType(ref.type);
      const endpoint = await current.discovery.find(
        String(outputs.apiVersion ?? known?.apiVersion),
        String(outputs.kind ?? known?.kind),
      );
      // Without its definition no object of the kind is left.
      if (!endpoint) return;
      const { name, namespace: inId } = parseId(id);
      await deleteObject(current.client, placeOf(endpoint, name, inId ?? current.namespace).path, timeoutSeconds);
    },

    async invoke(token) {
      throw new Error(`The sandbox's Kubernetes provider has no function ${token}.`);
    },

    async find(_ref, inputs) {
      const current = await session();
      const place = await locate(current, inputs, 0);
      return place && (await liveObject(current.client, place.path)) ? place.id : undefined;
    },

    async close() {
      await open?.session.client.close();
      open = undefined;
    },
  };
}

/** Keeps a name that was made up before, makes one up where the program gives none. */
function withName(inputs: PropertyMap, olds: PropertyMap | undefined, ref: ResourceRef): PropertyMap {
  const metadata = metadataOf(inputs);
  if (metadata.name !== undefined && metadata.name !== null && metadata.name !== "") return inputs;
  const kept = olds && annotation(olds, AUTONAMED) === "true" ? metadataText(olds, "name") : undefined;
  const name = kept ?? `${programName(ref.urn)}-${randomBytes(4).toString("hex")}`;
  const annotations = isMap(metadata.annotations) ? metadata.annotations : {};
  return { ...inputs, metadata: { ...metadata, name, annotations: { ...annotations, [AUTONAMED]: "true" } } };
}

function sdkVersion(): string {
  return (createRequire(import.meta.url)("@pulumi/kubernetes/package.json") as { version: string }).version;
}
