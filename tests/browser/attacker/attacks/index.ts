import { APPLICATIONS } from "./applications.ts";
import type { Attack } from "./attack.ts";
import { CODES, REDIRECTS } from "./codes.ts";
import { COOKIES } from "./cookies.ts";
import { HEADERS } from "./headers.ts";
import { PASSWORDS } from "./passwords.ts";
import { PODS } from "./pods.ts";
import { ROLES, TOKENS } from "./tokens.ts";

export { APPLICATION_CONTROL } from "./applications.ts";
export type { Attack, Attempt, Stage } from "./attack.ts";
export { manyGroups } from "./cookies.ts";
export { CONTROL } from "./tokens.ts";

/** All attacks, in the order of docs/attacks.md. */
export const ATTACKS: readonly Attack[] = [
  ...TOKENS,
  ...ROLES,
  ...CODES,
  ...REDIRECTS,
  ...PASSWORDS,
  ...APPLICATIONS,
  ...HEADERS,
  ...COOKIES,
  ...PODS,
];
