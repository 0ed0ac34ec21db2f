export { ApplicationFilterError, parseApplicationFilter } from "./application-filter.ts";
export {
  type AccessChange,
  CHANGE_KINDS,
  type Change,
  type ChangeKind,
  type Comparison,
  compare,
  peopleByKind,
} from "./compare.ts";
export * from "./declared.ts";
export { DeviceFilterError, matchesDevice, type ParsedDeviceFilter, parseDeviceFilter } from "./device-filter.ts";
export { type Evaluator, evaluate, preparePolicies } from "./evaluate.ts";
export type * from "./evaluation.ts";
export { agreementGrid, conditionGrid, type GridEntry } from "./grid.ts";
export { type LockOut, type LockOutKind, lockOuts } from "./lock-out.ts";
export * from "./methods.ts";
export * from "./played.ts";
export * from "./policy.ts";
export { REGISTRABLE_METHODS } from "./proofs.ts";
export { type PartnerPerson, type Scene, type ScenePerson, type SceneTool, sceneOf } from "./scene.ts";
export { frequencyHours } from "./session.ts";
export type * from "./sign-in.ts";
export { decide, offeredMethods } from "./verdict.ts";
export {
  type Everybody,
  type EverybodyRow,
  UnknownQuestion,
  type WhatIf,
  type WhatIfPolicy,
  whatIf,
  whatIfEverybody,
  whatIfIn,
} from "./what-if.ts";
