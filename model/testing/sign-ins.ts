import type { Settings } from "../settings/schema.ts";
import { sampleContract, sampleSettings } from "./sample.ts";

/** Two tools, so that a difference between them can be seen. */
export const signInContracts = [sampleContract(), sampleContract("maps")];

/** An admin with a security key, an analyst without one, a guest, somebody without access, and two emergency accounts. */
export const signInPeople = {
  "ana.lima": { displayName: "Ana Lima", methods: ["fido2", "authenticator"] },
  "mei.tanaka": { displayName: "Mei Tanaka" },
  "mira.holt": { displayName: "Mira Holt", guest: true, mail: "mira.holt@fabrikam.com" },
  "pavel.orlov": { displayName: "Pavel Orlov" },
  "breakglass-1": { displayName: "Break-glass 1" },
  "breakglass-2": { displayName: "Break-glass 2" },
};

/** The raw settings of a small company whose sign-ins are guarded; each test changes what it is about. */
export function signInRaw(conditionalAccess: Record<string, unknown> = {}, changes: Record<string, unknown> = {}) {
  return {
    people: signInPeople,
    teams: {
      admins: { privileged: true, owners: ["ana.lima"], members: ["ana.lima"] },
      analysts: { owners: ["ana.lima"], members: ["mei.tanaka"] },
      guests: { owners: ["ana.lima"], members: ["mira.holt"] },
    },
    tools: {
      charts: {
        image: "contoso.azurecr.io/charts:2.0.0",
        access: { Owner: ["admins"], Viewer: ["analysts", "guests"] },
      },
      maps: { image: "contoso.azurecr.io/maps:2.0.0", access: { Viewer: ["admins", "analysts"] } },
    },
    conditionalAccess: {
      state: "enforced",
      breakGlass: ["breakglass-1", "breakglass-2"],
      countries: ["PT", "DE"],
      ...conditionalAccess,
    },
    ...changes,
  };
}

/** The same, parsed; throws where a check says no. */
export function signInSettings(
  conditionalAccess: Record<string, unknown> = {},
  changes: Record<string, unknown> = {},
): Settings {
  return sampleSettings(signInRaw(conditionalAccess, changes), signInContracts);
}
