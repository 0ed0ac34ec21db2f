import { z } from "zod";
import { described } from "../described.ts";
import { kubernetesName } from "../names.ts";

const office = z.strictObject({
  ranges: described(
    z
      .array(
        described(z.string().regex(/^[0-9A-Fa-f.:]{2,45}\/\d{1,3}$/), {
          description: "A range of public addresses.",
          allowed: "an IPv4 or IPv6 range in CIDR notation",
          example: "198.51.100.0/24",
        }),
      )
      .min(1),
    {
      description: "Public addresses that the office's sign-ins come from, IPv4 and IPv6. Entra sees no private ones.",
      allowed: "a list of at least one IPv4 or IPv6 range in CIDR notation",
      example: ["198.51.100.0/24", "2001:db8:10::/48"],
    },
  ),
  trusted: described(z.boolean().default(false), {
    description:
      "Whether the part `countries` lets the office in, and Entra counts its sign-ins as less risky. Default: false.",
    allowed: "true or false",
    example: true,
  }),
});

/** `conditionalAccess.offices`: named locations by address. */
export const offices = described(
  z.record(kubernetesName("The name of an office, as policies use it.", "lisbon"), office).default({}),
  {
    description: "Offices by the public addresses that they sign in from; each is one named location.",
    allowed: "offices by name",
    example: { lisbon: { ranges: ["198.51.100.0/24"], trusted: true } },
  },
);
