export { createEntraApp } from "./app.ts";
export { reasonOf } from "./applied-policies.ts";
export { createAuthenticate } from "./authenticate.ts";
export { type AadstsError, aadsts, findAadsts } from "./errors.ts";
export { openSigningKeys, type SigningKeys, temporarySigningKeys } from "./keys.ts";
export { metadataEndpoints } from "./metadata-endpoints.ts";
export { PERSON_FIELD } from "./played-form.ts";
export type { AppliedPolicy, SignInEntry } from "./sign-in-log.ts";
export { userinfo } from "./userinfo.ts";
