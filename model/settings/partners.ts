import { z } from "zod";
import { described } from "./described.ts";
import { displayText, kubernetesName, mailAddress, personKey } from "./names.ts";

const groupName = described(z.string().regex(/^\S(.{0,126}\S)?$/), {
  description: "A group of the partner's directory, as its tokens name it.",
  allowed: "a text of 1 to 128 characters without spaces at its ends",
  example: "acme-viewers",
});
const groupNames = z.array(groupName);

const partnerTool = z.strictObject({
  clientId: described(z.string().regex(/^[\w.-]{1,128}$/), {
    description: "Client id that the partner gave the tool.",
    allowed: "up to 128 letters, digits, dots, hyphens and underscores",
    example: "0oa1acmesuperset",
  }),
  clientSecretName: kubernetesName(
    "Name of the vault secret that holds the client secret which the partner handed over. Default: <partner>-<tool>-client-secret.",
    "acme-superset-client-secret",
  ).optional(),
  access: described(z.record(z.string(), groupNames), {
    description: "Role of the tool → groups of the partner that hold it. Admin roles are refused.",
    allowed: "roles, each with a list of the partner's groups",
    example: { Gamma: ["acme-viewers"] },
  }),
});

const partnerPerson = z.strictObject({
  displayName: displayText("The person's name.", "Kai Larsen"),
  mail: mailAddress("Mail address, by which tools know the person.", "kai.larsen@acme.com"),
  groups: described(groupNames.default([]), {
    description: "Groups of the partner's directory that the person is in.",
    allowed: "a list of group names",
    example: ["acme-viewers"],
  }),
  enabled: described(z.boolean().default(true), {
    description: "Whether the account may sign in. Default: true.",
    allowed: "true or false",
    example: false,
  }),
});

const partner = z.strictObject({
  displayName: displayText("The partner's name, as the sign-in page shows it.", "Acme"),
  issuer: described(z.string().regex(/^https:\/\/[a-z0-9.-]+(\/[\w.~/-]*[\w.~-])?$/), {
    description: "Issuer of the partner's OpenID Connect provider, character by character as its tokens say it.",
    allowed: "an https URL in lower case without port, query and slash at the end",
    example: "https://acme.okta.com",
  }),
  groupsClaim: described(
    z
      .string()
      .regex(/^[\w.:/-]{1,128}$/)
      .default("groups"),
    {
      description: "Claim that lists the person's groups. Default: groups.",
      allowed: "the name of a claim",
      example: "groups",
    },
  ),
  tools: described(z.record(z.string(), partnerTool).default({}), {
    description: "Tools that the partner's people may open, each with its own roles.",
    allowed: "tools by name",
    example: { superset: { clientId: "0oa1acmesuperset", access: { Gamma: ["acme-viewers"] } } },
  }),
  people: described(z.record(personKey, partnerPerson).default({}), {
    description:
      "The partner's people, for a sandbox, which plays the partner's provider. Allowed in the environment `sandbox` only.",
    allowed: "people by key",
    example: { "kai.larsen": { displayName: "Kai Larsen", mail: "kai.larsen@acme.com", groups: ["acme-viewers"] } },
  }),
});

/** One partner's settings, after parsing. */
export type Partner = z.infer<typeof partner>;

/** `partners`: other companies' OpenID Connect providers, beside Entra. */
export const partners = described(
  z.record(kubernetesName("A key for the partner, part of redirect URIs.", "acme"), partner).default({}),
  {
    description: "Partners whose people sign in with their own company's OpenID Connect provider (such as Okta).",
    allowed: "partners by key",
    example: {},
  },
);
