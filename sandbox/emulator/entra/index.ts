export { createEntraApp } from "./app.ts";
export { createAuthenticate } from "./authenticate.ts";
export { type AadstsError, aadsts, findAadsts } from "./errors.ts";
export { openSigningKeys, type SigningKeys, temporarySigningKeys } from "./keys.ts";
export { metadataEndpoints } from "./metadata-endpoints.ts";
export { PERSON_FIELD } from "./played-form.ts";
export { userinfo } from "./userinfo.ts";
