import { isSecretValue, type Run } from "../../components/testing/mocks.ts";
import { reveal } from "../../sandbox/providers/protocol/secrecy.ts";
import type { PropertyMap, ProviderImplementation, ResourceRef } from "../../sandbox/providers/protocol/types.ts";
import type { SignedIn } from "../../sandbox/providers/testing.ts";

/** A resource of a program that really stands in the emulator. */
export interface Played {
  readonly ref: ResourceRef;
  readonly name: string;
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

/** The stand-in that a resource's type belongs to; undefined for what stands in neither Entra nor Azure. */
export function providerOf(identity: SignedIn, type: string): ProviderImplementation | undefined {
  if (type.startsWith("azuread:")) return identity.azuread;
  return type.startsWith("azure-native:") ? identity.azureNative : undefined;
}

/**
 * Creates in the emulator what a program registered under mocks, in its order, the way the engine has providers do it.
 * @param identity who deploys
 * @param known what stands for values that mocks make up, from the beginning; made-up ids of what is created are added
 */
export async function play(run: Run, identity: SignedIn, known: Map<string, string>): Promise<Played[]> {
  const played: Played[] = [];
  for (const { type, name, inputs } of run.resources) {
    const provider = providerOf(identity, type);
    if (provider === undefined || type.startsWith("pulumi:")) continue;
    const ref = { type, urn: `urn:pulumi:test::entrada::${type}::${name}` };
    const checked = await provider.check(ref, undefined, real(inputs, known) as PropertyMap);
    if (checked.failures.length > 0) throw new Error(`${name}: ${JSON.stringify(checked.failures)}`);
    const { id, outputs } = await provider.create(ref, checked.inputs, { preview: false, timeoutSeconds: 10 });
    const plain = reveal(outputs) as PropertyMap;
    known.set(`/id/${name}`, id);
    for (const [key, word] of IDS) if (typeof plain[key] === "string") known.set(`${word}-of-${name}`, plain[key]);
    played.push({ ref, name, id, inputs: checked.inputs, outputs: plain });
  }
  return played;
}

/** Output → the word with which mocks begin what they make up for it. */
const IDS = [
  ["objectId", "object"],
  ["clientId", "client"],
  ["principalId", "principal"],
] as const;

/** Values with the made-up ids put right, also within texts, and secrets unwrapped. Longer ids first: names begin alike. */
function real(value: unknown, known: ReadonlyMap<string, string>): unknown {
  if (isSecretValue(value)) return real(value.value, known);
  if (Array.isArray(value)) return value.map((item) => real(item, known));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, real(inner, known)]));
  }
  if (typeof value !== "string") return value;
  const exact = known.get(value);
  if (exact !== undefined) return exact;
  const longest = [...known.keys()]
    .filter((made) => value.startsWith(`${made}/`))
    .sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? value : `${known.get(longest)}${value.slice(longest.length)}`;
}
