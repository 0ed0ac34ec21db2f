import { z } from "zod";
import { described } from "../described.ts";
import { displayText, kubernetesName, personEntry, teamKey } from "../names.ts";
import { enforcementState, frequency, reason } from "./words.ts";

/** Client ids, and Entra's words for several applications at once. */
const APPLICATION = /^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|All|Office365|MicrosoftAdminPortals)$/;

const application = described(z.string().regex(APPLICATION), {
  description: "An application outside the stack.",
  allowed: "the client id of an application, or All, Office365, MicrosoftAdminPortals",
  example: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
});

const teams = (description: string) =>
  described(z.array(teamKey).default([]), { description, allowed: "a list of team keys", example: ["analysts"] });
const people = (description: string) =>
  described(z.array(personEntry).default([]), { description, allowed: "a list of people", example: ["ana.lima"] });
const yes = (description: string) =>
  described(z.boolean().default(false), {
    description: `${description} Default: false.`,
    allowed: "true or false",
    example: true,
  });
const words = <const W extends readonly [string, ...string[]]>(list: W, description: string) =>
  described(
    z
      .array(
        described(z.enum(list), {
          description: "One of them.",
          allowed: `one of ${list.join(", ")}`,
          example: list[0],
        }),
      )
      .min(1)
      .optional(),
    {
      description: `${description} Default: any.`,
      allowed: `a list of ${list.join(", ")}`,
      example: [list[0]],
    },
  );

const who = described(
  z.strictObject({
    teams: teams("Teams, with those nested in them: Conditional Access follows nesting."),
    people: people("People by name. Teams are easier to keep right."),
    roles: described(z.record(z.string(), z.array(z.string()).min(1)).default({}), {
      description: "Tool → roles: the teams that hold them, as `access` says.",
      allowed: "tools, each with a list of its roles",
      example: { superset: ["Admin"] },
    }),
    guests: yes("Whether guests and other people of outside tenants are meant."),
    everybody: yes("Whether everybody is meant, guests too."),
    except: described(
      z
        .strictObject({ teams: teams("Teams that the policy spares."), people: people("People whom it spares.") })
        .prefault({}),
      {
        description: "Whom the policy spares. The break-glass accounts are spared by every policy without being named.",
        allowed: "the keys teams and people",
        example: { teams: ["analysts"] },
      },
    ),
  }),
  {
    description: "Whom the policy is about.",
    allowed: "the keys teams, people, roles, guests, everybody and except, one of the first five at least",
    example: { everybody: true },
  },
);

const places = (description: string) =>
  described(z.array(z.string()).min(1).optional(), {
    description,
    allowed: "a list of offices, countries and trusted",
    example: ["countries"],
  });

const demanded = z.string().min(1);
const demand = described(
  z.union([
    z.strictObject({
      "any-of": described(z.array(demanded).min(2), {
        description: "Any one of these is enough; `reason` says why.",
        allowed: "a list of at least two demands",
        example: ["compliant-device", "hybrid-device"],
      }),
    }),
    z.array(demanded).min(1),
    demanded,
  ]),
  {
    description: "What is demanded: one thing, all of a list, or any of `any-of`.",
    allowed:
      "block, mfa, passwordless, phishing-resistant, compliant-device, hybrid-device or a strength's name; a list of them; or any-of with a list",
    example: "mfa",
  },
);

const policy = z.strictObject({
  displayName: displayText("What the policy does, in a few words.", "Finance reports from the office only"),
  state: enforcementState("State of this policy. Default: the state of the whole.").optional(),
  reason: reason("Why the policy is as it is; needed with `any-of`.").optional(),
  who,
  tools: described(z.union([z.literal("all"), z.array(z.string()).min(1)]).optional(), {
    description: "Tools that it guards.",
    allowed: "all, or a list of tools",
    example: ["superset"],
  }),
  apps: described(z.array(application).min(1).optional(), {
    description: "Applications outside the stack that it guards.",
    allowed: "a list of client ids, or All, Office365, MicrosoftAdminPortals",
    example: ["797f4846-ba00-4fd7-ba43-dac1f8f63013"],
  }),
  from: described(
    z
      .strictObject({
        inside: places("It holds in these places."),
        outside: places("It holds everywhere but in these places."),
      })
      .optional(),
    {
      description: "Where it holds. Default: everywhere.",
      allowed: "inside or outside",
      example: { inside: ["countries"] },
    },
  ),
  devices: described(z.enum(["any", "unmanaged"]).default("any"), {
    description: "Whether it is about devices that are neither compliant nor hybrid joined. Default: any.",
    allowed: "any or unmanaged",
    example: "unmanaged",
  }),
  deviceFilter: described(z.string().min(1).max(3072).optional(), {
    description: "Devices that it is about, as an Entra filter rule. Instead of `devices`.",
    allowed: "a device filter rule",
    example: 'device.operatingSystem -eq "Linux"',
  }),
  clients: words(["browser", "app", "exchange-activesync", "other"], "Kinds of client app."),
  platforms: words(
    ["windows", "macos", "linux", "ios", "android", "unknown"],
    "Operating systems. Entra knows them by what the client says.",
  ),
  signInRisk: words(["low", "medium", "high"], "Risk of the sign-in. Needs Entra ID P2."),
  userRisk: words(["low", "medium", "high"], "Risk of the account. Needs Entra ID P2."),
  flows: words(["device-code", "authentication-transfer"], "How the sign-in is handed from device to device."),
  demand: demand.optional(),
  frequency: described(z.union([z.literal("every-time"), frequency("Time between sign-ins.", "1h")]).optional(), {
    description: "How often people sign in again.",
    allowed: "every-time, whole hours from 1h to 23h, or whole days as hours from 24h to 8760h",
    example: "1h",
  }),
});

/** One policy of the company's own. */
export type OwnPolicy = z.infer<typeof policy>;

/** `conditionalAccess.policies`: the company's own, beside the baseline. */
export const policies = described(
  z.record(kubernetesName("A key for the policy.", "finance-from-office"), policy).default({}),
  {
    description: "The company's own policies.",
    allowed: "policies by key",
    example: {
      "finance-from-office": {
        displayName: "Finance reports from the countries where people work",
        who: { everybody: true },
        tools: ["superset"],
        from: { outside: ["countries"] },
        demand: "block",
      },
    },
  },
);
