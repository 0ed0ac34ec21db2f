export * from "./identities.ts";
export * from "./subjects.ts";
