import { parseImage } from "../image.ts";
import { type Finding, shown } from "../problem.ts";
import type { CheckContext } from "./check.ts";

/** Every `image` below a part of the settings comes from the one registry, in prod pinned by its content. */
export function imageFindings(context: CheckContext, part: unknown, path: readonly PropertyKey[]): Finding[] {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === "image" && typeof value === "string"
      ? findings(context, value, [...path, key])
      : imageFindings(context, value, [...path, key]),
  );
}

function findings({ settings, sound }: CheckContext, text: string, path: readonly PropertyKey[]): Finding[] {
  const image = parseImage(text);
  if (image === undefined) return [];
  const found: Finding[] = [];
  if (image.registry !== settings.registry && sound("registry")) {
    found.push({
      path,
      found: `an image from ${image.registry}`,
      allowed: `images from ${settings.registry}`,
      fix: `Copy the image to ${settings.registry} and write its address there, or change registry.`,
    });
  }
  if (image.digest === undefined && settings.environment === "prod" && sound("environment")) {
    found.push({
      path,
      found: `${shown(text)}, pinned by its tag only`,
      allowed: "in prod: an image pinned by its digest",
      fix: "Add the digest: …@sha256:<64 hexadecimal digits>.",
    });
  }
  return found;
}
