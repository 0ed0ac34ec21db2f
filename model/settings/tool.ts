import { z } from "zod";
import { described } from "./described.ts";
import { hostName, kubernetesName, teamKey } from "./names.ts";

/** Stands in a host's default for the settings' `domain`, which a tool's schema cannot see. */
export const DOMAIN_PLACEHOLDER = "<domain>";

/** The id in the shape of tools that stand several under one key; their own name takes its place. */
export const NAME_PLACEHOLDER = "<name>";

const roleName = described(z.string().regex(/^[A-Za-z][\w-]{0,63}$/), {
  description: "A role of the tool.",
  allowed: "a role: a letter, then up to 63 letters, digits, hyphens and underscores",
  example: "Viewer",
});

/**
 * The keys that every tool's settings have. A contract spreads them into its own strict object.
 *
 * @param id the tool's key under `tools`
 * @param versions supported versions, newest first; the first is the default
 */
export function toolShape(id: string, versions: readonly [string, ...string[]]) {
  return {
    version: described(z.enum(versions).default(versions[0]), {
      description: `Version of ${id}. It decides callback paths and settings, so only known ones are taken. Default: ${versions[0]}.`,
      allowed: `a supported version: ${versions.join(", ")}`,
      example: versions[0],
    }),
    host: hostName("Host that people open, inside `domain`.", `${id}.data.contoso.com`).default(
      `${id}.${DOMAIN_PLACEHOLDER}`,
    ),
    namespace: kubernetesName(`Kubernetes namespace of the tool. Default: ${id}.`, id).default(id),
    access: described(z.record(roleName, z.array(teamKey)).default({}), {
      description: "Role → teams that hold it. Whoever is in none of them cannot sign in (AADSTS50105).",
      allowed: "roles, each with a list of team keys",
      example: { Viewer: ["analysts"] },
    }),
    egress: described(z.array(hostName("A host that the tool may reach.", "warehouse.contoso.com")).default([]), {
      description:
        "Further hosts that the tool may reach over HTTPS, such as warehouses. Entra's and the tool's own are always open. Default: none.",
      allowed: "a list of host names",
      example: ["warehouse.contoso.com"],
    }),
  };
}

const count = (description: string) =>
  described(z.number().int().min(1).max(50), { description, allowed: "a whole number from 1 to 50", example: 2 });

/** How many pods run: fixed by one number, or scaled between two. Parses to `{min, max}` either way. */
export function scaling(description: string, standard: { min: number; max: number }) {
  const range = z
    .strictObject({ min: count("Fewest pods."), max: count("Most pods.") })
    .refine(({ min, max }) => min <= max, { error: "min is greater than max." });
  const fixed = count("Exactly so many pods.").transform((pods) => ({ min: pods, max: pods }));
  return described(z.union([range, fixed]).default(standard), {
    description: `${description} Default: ${standard.min} to ${standard.max}.`,
    allowed: "a whole number from 1 to 50, or { min, max } with min no greater than max",
    example: { min: 2, max: 4 },
  });
}

/** A network port. */
export function port(description: string, standard: number) {
  return described(z.number().int().min(1).max(65_535).default(standard), {
    description: `${description} Default: ${standard}.`,
    allowed: "a whole number from 1 to 65535",
    example: standard,
  });
}

/** A duration of whole minutes or hours within bounds, such as "8h". */
export function duration(
  description: string,
  standard: string,
  bounds: { minMinutes: number; maxMinutes: number; allowed: string },
) {
  const within = (text: string) => {
    const minutes = durationSeconds(text) / 60;
    return minutes >= bounds.minMinutes && minutes <= bounds.maxMinutes;
  };
  return described(
    z
      .string()
      .regex(/^\d{1,4}[mh]$/)
      .refine(within, { error: "That is out of bounds." })
      .default(standard),
    {
      description: `${description} Default: ${standard}.`,
      allowed: bounds.allowed,
      example: standard,
    },
  );
}

/** Seconds of a duration such as "30m" or "8h". */
export function durationSeconds(text: string): number {
  const amount = Number.parseInt(text, 10);
  return amount * (text.endsWith("h") ? 3600 : 60);
}
