import type { JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { type PropertyMap, type PropertyValue, Secret, UNKNOWN } from "./types.ts";

/** Marks an object as something that JSON has no type for; the value of this key says what. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What the engine sends for an unknown of no particular type; also what goes back to it. */
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The engine has one such text per type: untyped, bool, number, array, asset, archive, object. */
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether the value is an object with properties: not null, a list, a secret or an unknown. */
export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

export function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** Reads a protobuf struct as the engine sends it. Absent is empty. Throws on assets and archives: no stand-in takes them. */
export function decodeStruct(struct: Struct | undefined): PropertyMap {
  return struct ? decodeMap(struct.toJavaScript()) : {};
}

interface JavaScriptMap {
  readonly [name: string]: JavaScriptValue;
}

function decodeMap(map: JavaScriptMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, decodeValue(value)]));
}

function decodeValue(value: JavaScriptValue): PropertyValue {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decodeValue);
  const map = value as JavaScriptMap;
  return SIGNATURE in map ? decodeSpecial(map) : decodeMap(map);
}

function decodeSpecial(value: JavaScriptMap): PropertyValue {
  switch (value[SIGNATURE]) {
    case SECRET:
      return new Secret(decodeValue(value.value ?? null));
    case OUTPUT_VALUE: {
      const inner = "value" in value ? decodeValue(value.value ?? null) : UNKNOWN;
      return value.secret === true ? new Secret(inner) : inner;
    }
    case RESOURCE_REFERENCE: {
      // A component has no id; a resource that does not exist yet has an empty one.
      const id = "id" in value ? value.id : value.urn;
      return typeof id === "string" && id !== "" && !UNKNOWNS.has(id) ? id : UNKNOWN;
    }
    case ASSET:
    case ARCHIVE:
      throw new Error(
        "Assets and archives are not taken by the sandbox's providers. Give the content as text instead.",
      );
    default:
      throw new Error(`The engine sent a value with the unknown signature ${String(value[SIGNATURE])}.`);
  }
}

/** Writes properties in the engine's own form; properties that are undefined are left out. */
export function encodeStruct(map: PropertyMap): Struct {
  return structProto.Struct.fromJavaScript(encodeMap(map));
}

function encodeMap(map: PropertyMap): { [name: string]: JavaScriptValue } {
  const encoded: { [name: string]: JavaScriptValue } = {};
  for (const [name, value] of Object.entries(map)) if (value !== undefined) encoded[name] = encodeValue(value);
  return encoded;
}

function encodeValue(value: PropertyValue): JavaScriptValue {
  if (value === UNKNOWN) return UNKNOWN_STRING;
  if (value instanceof Secret) return { [SIGNATURE]: SECRET, value: encodeValue(value.value) };
  if (isList(value)) return value.map(encodeValue);
  if (isMap(value)) return encodeMap(value);
  return value;
}
