import { z } from "zod";
import { methods } from "./conditional-access/words.ts";
import { described } from "./described.ts";
import { displayText, guid, mailAddress, personKey } from "./names.ts";

const person = z.strictObject({
  displayName: displayText("The person's name, as sign-in pages and reports show it.", "Ana Lima"),
  upn: mailAddress(
    "User principal name. Default: `<key>@<userDomain>`; for a guest `<mail, @ written as _>#EXT#@<first label of userDomain>.onmicrosoft.com`.",
    "ana.lima@contoso.com",
  ).optional(),
  mail: mailAddress(
    "Mail address. Default: the user principal name. Needed for a guest.",
    "ana.lima@contoso.com",
  ).optional(),
  enabled: described(z.boolean().default(true), {
    description: "Whether the account may sign in; false for somebody who has left (AADSTS50057). Default: true.",
    allowed: "true or false",
    example: false,
  }),
  guest: described(z.boolean().default(false), {
    description: "Whether the person is invited from another tenant. Default: false.",
    allowed: "true or false",
    example: true,
  }),
  homeTenant: guid("A guest's own tenant.", "5e3f9a70-8a64-4f4e-9d6b-6a1f4ce0b7aa").optional(),
  department: displayText("Department, for dynamic teams.", "Analytics").optional(),
  jobTitle: displayText("Job title, for dynamic teams.", "Data analyst").optional(),
  country: displayText("Country or region, for dynamic teams.", "Portugal").optional(),
  methods: methods(
    "Authentication methods that the person has registered, besides the password; none: has to register first (AADSTS50079). Default: authenticator.",
    ["fido2", "authenticator"],
  ).default(["authenticator"]),
  givenName: displayText("First name. Default: the first word of `displayName`.", "Ana").optional(),
  surname: displayText("Last name. Default: what follows the first word of `displayName`.", "Lima").optional(),
});

/** The settings of one person of a sandbox. */
export type Person = z.infer<typeof person>;

/** `people`: whom a sandbox's directory holds. Real environments have a directory with people in it. */
export const people = described(z.record(personKey, person).default({}), {
  description: "The people of a sandbox's directory. Allowed in the environment `sandbox` only.",
  allowed: "people by key",
  example: { "ana.lima": { displayName: "Ana Lima" } },
});
