import { z } from "zod";
import { described, duration, hostName, image, port, scaling, toolShape } from "../../../model/settings/index.ts";
import { reconcileSettings } from "../../reconciler/settings.ts";

/** Supported versions, newest first; the paid edition of 0.65.4 calls itself 1.65.4. */
export const VERSIONS = ["0.65.4"] as const;

const email = (description: string, example: string) =>
  described(z.string().regex(/^[^\s@"\\]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/), {
    description,
    allowed: "an address in lower-case domain form",
    example,
  });

const identifier = (description: string, standard: string) =>
  described(
    z
      .string()
      .regex(/^[A-Za-z_][\w-]{0,62}$/)
      .default(standard),
    {
      description: `${description} Default: ${standard}.`,
      allowed: "up to 63 letters, digits, hyphens and underscores",
      example: standard,
    },
  );

const secretName = (description: string, standard: string) =>
  described(
    z
      .string()
      .regex(/^[A-Za-z0-9-]{1,127}$/)
      .default(standard),
    {
      description: `${description} Default: ${standard}.`,
      allowed: "up to 127 letters, digits and hyphens",
      example: standard,
    },
  );

const database = described(
  z.strictObject({
    host: hostName(
      "Host of the PostgreSQL server that keeps Metabase's own data.",
      "contoso-prod.postgres.database.azure.com",
    ),
    port: port("Port of PostgreSQL.", 5432),
    name: identifier("Name of the database.", "metabase"),
    user: identifier("User of the database.", "metabase"),
    tls: described(z.boolean().default(true), {
      description: "Whether the connection is encrypted and the server's certificate checked. Default: true.",
      allowed: "true or false",
      example: true,
    }),
  }),
  {
    description: "The PostgreSQL database of Metabase.",
    allowed: "the keys host, port, name, user and tls",
    example: { host: "contoso-prod.postgres.database.azure.com" },
  },
);

const schemas = described(z.array(z.string().regex(/^(\*|[^\s*]([^*]{0,126}[^\s*])?)$/)).min(1), {
  description: 'Schemas to query with the query builder; ["*"] for the whole database, SQL included.',
  allowed: 'a list of schema names without stars, or ["*"] alone',
  example: ["sales"],
});

const data = described(
  z
    .record(
      described(z.string().regex(/^[A-Za-z][\w-]{0,63}$/), {
        description: "`query`, or the name of a further role.",
        allowed: "a letter, then up to 63 letters, digits, hyphens and underscores",
        example: "sales-query",
      }),
      described(
        z.record(
          described(z.string().regex(/^\S(.{0,252}\S)?$/), {
            description: 'Display name of a database connection in Metabase, or "*" for all that are not named.',
            allowed: "a database's name",
            example: "warehouse",
          }),
          schemas,
        ),
        {
          description: "Database → schemas that the role may query.",
          allowed: "databases, each with a list of schemas",
          example: { warehouse: ["sales"] },
        },
      ),
    )
    .default({}),
  {
    description:
      "What roles may query: role → database → schemas. Roles other than `query` become app roles to give out in `access`. Default: `query` queries every database, SQL included.",
    allowed: "roles, each with databases and their schemas",
    example: { "sales-query": { warehouse: ["sales"] } },
  },
);

const shared = {
  ...toolShape("metabase", VERSIONS),
  image,
  replicas: scaling("Web pods.", { min: 2, max: 2 }),
  database,
  data,
  session: described(
    z
      .strictObject({
        lifetime: duration("How long a sign-in lasts, from the sign-in on.", "8h", {
          minMinutes: 15,
          maxMinutes: 24 * 60,
          allowed: "a duration in minutes or hours from 15m to 24h",
        }),
      })
      .prefault({}),
    { description: "Sign-in sessions.", allowed: "the key lifetime", example: { lifetime: "8h" } },
  ),
  logLevel: described(z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).default("INFO"), {
    description: "How much Metabase logs. Default: INFO.",
    allowed: "DEBUG, INFO, WARN or ERROR",
    example: "INFO",
  }),
  administrator: email(
    "Address of the break-glass account, Metabase's first administrator. It belongs to nobody; its password is in the vault. Default: metabase-break-glass@<userDomain>.",
    "metabase-break-glass@contoso.com",
  ).optional(),
  jobs: described(z.strictObject({ image }), {
    description: "The jobs that set Metabase up and keep its accounts as Entra says.",
    allowed: "the key image: any image with python3 (3.9 or newer) and nothing else",
    example: { image: "contoso.azurecr.io/python:3.12.11" },
  }),
  reconcile: reconcileSettings("Metabase"),
};

const edition = <T extends "pro" | "oss">(value: T) =>
  described(z.literal(value), {
    description:
      "`pro` (a paid plan) signs people in with Entra. `oss` cannot: the identity-aware proxy lets people in, and they sign in to Metabase a second time.",
    allowed: "pro or oss",
    example: "pro",
  });

const pro = z.strictObject({
  ...shared,
  edition: edition("pro"),
  licence: described(
    z
      .strictObject({
        secretName: secretName(
          "Name of the vault secret with the licence token, which somebody puts there by hand.",
          "metabase-licence",
        ),
      })
      .prefault({}),
    {
      description: "The licence of Metabase Pro.",
      allowed: "the key secretName",
      example: { secretName: "metabase-licence" },
    },
  ),
});

const oss = z.strictObject({
  ...shared,
  edition: edition("oss"),
  mail: described(
    z.strictObject({
      host: hostName("Host of the mail relay.", "mail.contoso.com"),
      port: port("Port of the mail relay.", 587),
      security: described(z.enum(["starttls", "ssl", "none"]).default("starttls"), {
        description: "How the connection is encrypted. Default: starttls.",
        allowed: "starttls, ssl or none",
        example: "starttls",
      }),
      from: email("Sender of invitations.", "metabase@contoso.com"),
      user: described(z.string().min(1).max(254).optional(), {
        description: "User at the relay. Default: none, the relay knows the cluster.",
        allowed: "a user name",
        example: "metabase",
      }),
      passwordSecret: secretName(
        "Name of the vault secret with the user's password, which somebody puts there by hand.",
        "metabase-mail-password",
      ),
    }),
    {
      description:
        "Where Metabase sends invitations: people choose their password by a link in a mail, nobody is told one.",
      allowed: "the keys host, port, security, from, user and passwordSecret",
      example: { host: "mail.contoso.com", from: "metabase@contoso.com" },
    },
  ),
});

/** Metabase's settings, one shape for each edition. */
export const settings = z.discriminatedUnion("edition", [pro, oss]);

/** Metabase's settings, after parsing. */
export type MetabaseSettings = z.infer<typeof settings>;
