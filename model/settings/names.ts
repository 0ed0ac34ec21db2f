import { z } from "zod";
import { described } from "./described.ts";

const GUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const PERSON_KEY = /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/;
const PERSON = /^[^\s@]+(@[^\s@]+\.[^\s@]+)?$/;
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** A GUID, as Entra and Azure write ids. */
export function guid(description: string, example: string) {
  return described(z.string().regex(GUID), {
    description,
    allowed: "a GUID, 32 hexadecimal digits in five groups",
    example,
  });
}

/** A fully qualified host name, lower case, without scheme, port or path. */
export function hostName(description: string, example: string) {
  return described(z.string().regex(HOST), {
    description,
    allowed: "a host name in lower case with at least one dot, without scheme, port or path",
    example,
  });
}

/** A name that Kubernetes takes for an object (RFC 1123 label). */
export function kubernetesName(description: string, example: string) {
  return described(z.string().regex(LABEL), {
    description,
    allowed: "1 to 63 lower-case letters, digits and hyphens, a letter or digit at both ends",
    example,
  });
}

/** A mail address. */
export function mailAddress(description: string, example: string) {
  return described(z.string().regex(MAIL), { description, allowed: "an address with one @", example });
}

/** Any text for people to read, on one line. */
export function displayText(description: string, example: string) {
  return described(z.string().regex(/^\S(.{0,254}\S)?$/), {
    description,
    allowed: "a text of 1 to 256 characters on one line, without spaces at its ends",
    example,
  });
}

/** The key of a team under `teams`. */
export const teamKey = described(z.string().regex(LABEL), {
  description: "The key of a team under `teams`.",
  allowed: "a team's key: 1 to 63 lower-case letters, digits and hyphens, a letter or digit at both ends",
  example: "analysts",
});

/** The key of a person under `people`: what stands before the @ of the user principal name. */
export const personKey = described(z.string().regex(PERSON_KEY), {
  description: "The key of a person under `people`.",
  allowed: "a person's key: lower-case letters, digits, dots, hyphens and underscores, such as ana.lima",
  example: "ana.lima",
});

/** Somebody, where a setting names people. */
export const personEntry = described(z.string().regex(PERSON), {
  description: "A person: the part before the @ where `userDomain` follows it, or a full user principal name.",
  allowed: "a person's key (ana.lima) or full user principal name (ana.lima@contoso.com)",
  example: "ana.lima",
});
