import { z } from "zod";
import { described, duration, hostName, image, port, scaling, toolShape } from "../../../model/settings/index.ts";
import { kubernetesName } from "../../../model/settings/names.ts";
import { reconcileSettings } from "../../reconciler/settings.ts";

/** Supported versions, newest first. */
export const VERSIONS = ["2.0.7"] as const;

const flag = (description: string) =>
  described(z.boolean().default(true), { description, allowed: "true or false", example: true });

const user = (server: string) =>
  described(
    z
      .string()
      .regex(/^[A-Za-z_][\w-]{0,62}$/)
      .default("openmetadata"),
    {
      description: `User of ${server}. Default: openmetadata.`,
      allowed: "up to 63 letters, digits, hyphens and underscores",
      example: "openmetadata",
    },
  );

const database = described(
  z.strictObject({
    host: hostName(
      "Host of the PostgreSQL server that keeps OpenMetadata's own data.",
      "contoso-prod.postgres.database.azure.com",
    ),
    port: port("Port of PostgreSQL.", 5432),
    name: described(
      z
        .string()
        .regex(/^[a-z_][a-z0-9_-]{0,62}$/)
        .default("openmetadata"),
      {
        description: "Name of the database. Default: openmetadata.",
        allowed: "up to 63 lower-case letters, digits, hyphens and underscores",
        example: "openmetadata",
      },
    ),
    user: user("the database"),
    tls: flag("Whether the connection is encrypted and the server's certificate checked. Default: true."),
  }),
  {
    description: "The PostgreSQL database of OpenMetadata.",
    allowed: "the keys host, port, name, user and tls",
    example: { host: "contoso-prod.postgres.database.azure.com" },
  },
);

const search = described(
  z.strictObject({
    type: described(z.enum(["opensearch", "elasticsearch"]).default("opensearch"), {
      description: "Kind of the search server. Default: opensearch.",
      allowed: "opensearch or elasticsearch",
      example: "opensearch",
    }),
    host: hostName("Host of the search server.", "search.data.contoso.com"),
    port: port("Port of the search server.", 9200),
    user: user("the search server"),
    tls: flag("Whether the connection is encrypted and the server's certificate checked. Default: true."),
  }),
  {
    description: "The OpenSearch or Elasticsearch server of OpenMetadata.",
    allowed: "the keys type, host, port, user and tls",
    example: { host: "search.data.contoso.com" },
  },
);

const withoutProxy = z.strictObject({
  off: described(z.string().trim().min(20).max(300), {
    description:
      "Why OpenMetadata stands without the identity-aware proxy. The access report and the policies show it.",
    allowed: "a reason of 20 to 300 characters",
    example: "Only reachable from the offices' network until the proxy's Redis is there.",
  }),
});

const proxy = described(z.union([z.literal(true), withoutProxy]).default(true), {
  description:
    "Whether the identity-aware proxy stands in front. OpenMetadata itself checks a token's signature and end, not for whom it was made. Default: true.",
  allowed: "true, or { off: <reason> }",
  example: true,
});

const roles = described(
  z
    .array(
      described(z.string().regex(/^[A-Za-z][\w-]{0,63}$/), {
        description: "Name of a role in OpenMetadata, character by character.",
        allowed: "a letter, then up to 63 letters, digits, hyphens and underscores",
        example: "DataQualityEngineer",
      }),
    )
    .default([]),
  {
    description:
      "Further roles that exist in OpenMetadata, to give out in `access`. OpenMetadata takes no right from a name that it does not know. Default: none.",
    allowed: "a list of role names",
    example: ["DataQualityEngineer"],
  },
);

const callers = described(
  z.array(z.strictObject({ namespace: kubernetesName("A namespace of the cluster.", "airflow") })).default([]),
  {
    description:
      "Namespaces whose pods call OpenMetadata's API inside the cluster, past the proxy, with a bot's token: ingestion. Default: none.",
    allowed: "a list of namespaces",
    example: [{ namespace: "airflow" }],
  },
);

const session = described(
  z
    .strictObject({
      lifetime: duration("How long a sign-in lasts. OpenMetadata takes no less than an hour.", "8h", {
        minMinutes: 60,
        maxMinutes: 24 * 60,
        allowed: "a duration in minutes or hours from 60m to 24h",
      }),
    })
    .prefault({}),
  { description: "Sign-in sessions.", allowed: "the key lifetime", example: { lifetime: "8h" } },
);

const jobs = described(
  z.strictObject({
    image: described(image, {
      description:
        "Image with Python 3.10 or newer, for the jobs that close the shipped accounts and take leavers out. Nothing but the standard library is used.",
      allowed: "registry/name:version, pinned to three numbers, with @sha256:… in prod (never latest)",
      example: "contoso.azurecr.io/python:3.12.12",
    }),
  }),
  {
    description: "OpenMetadata's jobs.",
    allowed: "the key image",
    example: { image: "contoso.azurecr.io/python:3.12.12" },
  },
);

/** OpenMetadata's settings. There is no key for a secret: those are made, or come from the vault. */
export const settings = z.strictObject({
  ...toolShape("openmetadata", VERSIONS),
  image,
  client: described(z.enum(["public", "confidential"]).default("public"), {
    description:
      "Who redeems the sign-in code. public: the browser, with PKCE and without any secret. confidential: the server, with a client secret from the vault. Default: public.",
    allowed: "public or confidential",
    example: "public",
  }),
  proxy,
  principalDomain: hostName(
    "Domain that people's user principal names end in; others are refused. Default: the stack's `userDomain`.",
    "contoso.com",
  ).optional(),
  roles,
  callers,
  database,
  search,
  session,
  replicas: scaling("Server pods.", { min: 2, max: 2 }),
  logLevel: described(z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).default("INFO"), {
    description: "How much OpenMetadata logs. Default: INFO.",
    allowed: "DEBUG, INFO, WARN or ERROR",
    example: "INFO",
  }),
  reconcile: reconcileSettings("OpenMetadata"),
  jobs,
});

/** OpenMetadata's settings, after parsing. */
export type OpenMetadataSettings = z.infer<typeof settings>;
