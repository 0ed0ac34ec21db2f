/** Microsoft Graph's client id, the same in every tenant. */
export const MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000";

/** The delegated permissions of a sign-in and their ids at Microsoft Graph; they give a tool nothing but who signed in. */
export const SIGN_IN_SCOPES: Readonly<Record<string, string>> = {
  openid: "37f7f235-527c-4136-accd-4a02d197296e",
  profile: "14dad69e-099b-42c9-810b-d002981feec1",
  email: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
  offline_access: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
};
