/** What a text must look like, as the official providers check it before they ask Microsoft. */
export type TextFormat = "uuid" | "application-path" | "strength-path" | "date-time" | "http-url";

/** One input property: its shape, and what the engine must know to compare it. */
export interface PropertySchema {
  /** A `set` is a list whose order means nothing; a `map` has keys of the user's own. */
  readonly type: "string" | "boolean" | "integer" | "number" | "list" | "set" | "map" | "object";
  readonly items?: PropertySchema;
  readonly properties?: PropertySchemas;
  readonly required?: boolean;
  /** A change of it needs a new resource; with `presence`, of an object, only its coming and going does. */
  readonly replace?: boolean | "presence";
  readonly secret?: boolean;
  /** Chosen by the cloud when the program leaves it out: then its live value is no difference. */
  readonly computed?: boolean;
  /** What the provider puts in when the program leaves it out. */
  readonly default?: string | boolean | number;
  /** The property by which a set's objects are told apart. */
  readonly key?: string;
  readonly format?: TextFormat;
}

export interface PropertySchemas {
  readonly [name: string]: PropertySchema;
}

/** How a provider compares: Terraform-based ones (azuread, random) can't tell false, "" and [] from absent. */
export interface Comparison {
  readonly zeroIsUnset: boolean;
  /** On refresh nothing is told of properties that the program leaves out (azure-native). */
  readonly omittedIsUnseen?: boolean;
}
