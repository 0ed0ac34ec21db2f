export * from "./difference.ts";
export type { HeldRole } from "./held.ts";
export type { Reason } from "./reasons.ts";
export * from "./rows.ts";
export {
  type AccessState,
  accessState,
  type GroupRole,
  NO_ACCESS,
  type TeamState,
  type UnknownMembers,
} from "./state.ts";
export * from "./words.ts";
