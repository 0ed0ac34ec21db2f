import { COUNTRY_CODES, MISTAKEN_CODES } from "../../conditional-access/country-codes.ts";
import { PLACES } from "../../conditional-access/words.ts";
import { isPublic, type OfficeRange, parseOfficeRange, rangeText } from "../../office-range.ts";
import { type Finding, shown } from "../../problem.ts";
import type { CheckContext } from "../check.ts";
import { twice } from "./twice.ts";

/** Widest ranges, as prefix lengths: what Entra takes at all, and what an office of one company can own. */
const WIDEST = { any: { 4: 8, 6: 8 }, trusted: { 4: 16, 6: 32 } } as const;

/** Countries exist; offices have names of their own and public ranges, narrow ones where they are trusted. */
export function checkPlaces({ settings }: CheckContext): Finding[] {
  const { countries, offices } = settings.conditionalAccess;
  const path = ["conditionalAccess", "countries"];
  const unknown = countries.flatMap((code, index): Finding[] => {
    if (COUNTRY_CODES.has(code)) return [];
    const meant = MISTAKEN_CODES[code];
    const fix = meant === undefined ? "Look the country's code up, or remove it." : `Write "${meant}".`;
    return [{ path: [...path, index], found: shown(code), allowed: "two-letter codes of ISO 3166-1", fix }];
  });
  const seen = new Map<string, string>();
  const places = Object.entries(offices).flatMap(([name, { ranges, trusted }]) => {
    const here = ["conditionalAccess", "offices", name];
    return [
      ...reserved(name, here),
      ...ranges.flatMap((text, index) => rangeProblem(text, trusted, name, seen, [...here, "ranges", index])),
    ];
  });
  return [...unknown, ...twice(path, countries), ...places];
}

function reserved(name: string, path: readonly PropertyKey[]): Finding[] {
  if (!(PLACES as readonly string[]).includes(name)) return [];
  const fix = "Name the office by its town.";
  return [
    {
      path,
      found: `the name "${name}"`,
      allowed: `a name other than ${PLACES.join(" and ")}, which \`from\` has`,
      fix,
    },
  ];
}

/** What is wrong with a range, if anything: one thing at a time, since the next follows from it. */
function rangeProblem(
  text: string,
  trusted: boolean,
  office: string,
  seen: Map<string, string>,
  path: readonly PropertyKey[],
): Finding[] {
  const range = parseOfficeRange(text);
  const allowed = "an IPv4 or IPv6 range in CIDR notation";
  if (range === undefined) {
    return [{ path, found: shown(text), allowed, fix: 'Write for example "198.51.100.0/24".' }];
  }
  const written = rangeText(range);
  const findings = [...tooWide(range, trusted, path), ...notPublic(text, range, path)];
  if (findings.length > 0) return findings;
  if (written !== text) {
    const fix = `Write "${written}".`;
    return [{ path, found: shown(text), allowed: "a range as Entra gives it back, from its first address", fix }];
  }
  const other = seen.get(written);
  seen.set(written, office);
  if (other === undefined) return [];
  return [
    { path, found: `"${written}", which ${other} has`, allowed: "each range once", fix: "Remove one of the two." },
  ];
}

function tooWide(range: OfficeRange, trusted: boolean, path: readonly PropertyKey[]): Finding[] {
  const widest = WIDEST[trusted ? "trusted" : "any"][range.version];
  if (range.prefix >= widest) return [];
  return [
    {
      path,
      found: `a range of /${range.prefix}${trusted ? " in a trusted office" : ""}`,
      allowed: `at most /${widest} for IPv${range.version}${trusted ? " in a trusted office" : ""}`,
      fix: "Name the addresses that the office's provider gave it, and no others.",
    },
  ];
}

function notPublic(text: string, range: OfficeRange, path: readonly PropertyKey[]): Finding[] {
  if (isPublic(range)) return [];
  return [
    {
      path,
      found: `${shown(text)}, which holds addresses that are not public`,
      allowed: "public addresses: Entra sees no others",
      fix: "Write the addresses that the office's traffic leaves with.",
    },
  ];
}
