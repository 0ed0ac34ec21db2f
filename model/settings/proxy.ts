import { z } from "zod";
import { described } from "./described.ts";
import { image } from "./image.ts";
import { hostName } from "./names.ts";
import { port, scaling } from "./tool.ts";

/** `proxy`: the identity-aware proxy (oauth2-proxy), one for each tool that stands behind it. */
export const proxy = described(
  z
    .strictObject({
      image,
      replicas: scaling("Pods of each proxy.", { min: 2, max: 2 }),
      redis: described(
        z.strictObject({
          host: hostName(
            "Host of the Redis server that keeps the sessions.",
            "contoso-prod.westeurope.redis.azure.net",
          ),
          port: port("Port of Redis.", 10_000),
          tls: described(z.boolean().default(true), {
            description: "Whether the connection is encrypted. Default: true.",
            allowed: "true or false",
            example: true,
          }),
        }),
        {
          description: "The Redis server of the proxies. Entra's tokens are too long for cookies.",
          allowed: "the keys host, port and tls",
          example: { host: "contoso-prod.westeurope.redis.azure.net" },
        },
      ),
    })
    .optional(),
  {
    description: "The identity-aware proxy. Needed when a tool stands behind it.",
    allowed: "the keys image, redis and, if wanted, replicas",
    example: {
      image: "contoso.azurecr.io/oauth2-proxy:7.15.3-alpine",
      redis: { host: "contoso-prod.westeurope.redis.azure.net" },
    },
  },
);

/** The proxy's settings, after parsing. */
export type ProxySettings = NonNullable<z.infer<typeof proxy>>;
