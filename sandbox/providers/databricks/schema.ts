import type { PropertySchema } from "../schema/types.ts";

/** The provider is a bridged Terraform one: false, "" and [] are as good as absent. */
export const TERRAFORM = { zeroIsUnset: true } as const;

export const TEXT: PropertySchema = { type: "string" };
export const FLAG: PropertySchema = { type: "boolean" };
/** A change of it needs a new resource. */
export const FIXED: PropertySchema = { type: "string", replace: true };
export const FIXED_REQUIRED: PropertySchema = { type: "string", replace: true, required: true };
