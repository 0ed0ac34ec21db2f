/** Names of attacks that the same lines hold. */
export const SIGNATURES = ["token signed with a foreign key", "token signed with a key of its own header"];
export const FORGED = [
  ...SIGNATURES,
  "token with edited roles and the old signature",
  "token without a signature (alg none)",
];
export const TOKEN_CHECKS = [
  ...FORGED,
  "token signed with Entra's public key (HS256)",
  "token of another tenant",
  "token for another application",
  "token of another sign-in (nonce)",
  "token that has expired",
];
export const ELSEWHERE = "role in the access token, userinfo and the token answer";
export const WITHOUT = "answer without an ID token that says who it is";
export const CODE = "code of another browser with a state of one's own";
