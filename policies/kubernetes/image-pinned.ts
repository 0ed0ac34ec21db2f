import { resourceRule } from "../core/rule.ts";
import { text } from "../core/values.ts";
import { isExactTag, parseImage } from "./image-reference.ts";
import { containers, podSpec, workloadTypes } from "./pods.ts";

interface Settings {
  registries: readonly string[];
  requireDigest: boolean;
}

function faults(image: string, { registries, requireDigest }: Settings): readonly string[] {
  const parsed = parseImage(image);
  if (!parsed) return ["a reference such as registry/name:tag@sha256:…"];
  const wanted: string[] = [];
  const { repository, tag, digest } = parsed;
  if (
    !registries.some((registry) => repository === registry || repository.startsWith(`${registry.replace(/\/$/, "")}/`))
  ) {
    wanted.push(
      registries.length > 0
        ? `an image from ${registries.join(" or ")}`
        : "an image from a registry that the setting `registries` of this rule lists",
    );
  }
  if (tag !== undefined && !isExactTag(tag)) wanted.push(`an exact version instead of the moving tag "${tag}"`);
  else if (requireDigest && digest === undefined) wanted.push("a digest (@sha256:…) besides the tag");
  else if (tag === undefined && digest === undefined)
    wanted.push("an exact tag or a digest (without one it means latest)");
  return wanted;
}

/** Containers run exactly the image that was reviewed, from a registry of the company's choice. */
export const imagePinned = resourceRule<Settings>(
  {
    name: "image-pinned",
    title: "Images are pinned",
    what: "Every container image comes from an allowed registry and is pinned: by digest, or by an exact tag where that is enough.",
    why: "A tag can be moved to another image after the review, and a foreign registry can serve anything.",
    fix: "Mirror the image to the company's registry and name it as registry/name:tag@sha256:….",
    severity: "high",
    url: "https://kubernetes.io/docs/concepts/containers/images/",
    mappings: [
      { framework: "cis-aks", id: "5.1.4" },
      { framework: "mcsb", id: "PV-2" },
    ],
  },
  {
    types: workloadTypes,
    config: {
      registries: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description:
          "Registry hosts, with a path where only part of one is meant (`docker.io/library`). With none, no image is allowed.",
      },
      requireDigest: {
        type: "boolean",
        default: true,
        description: "Whether a digest is needed. Off, an exact tag is enough.",
      },
    },
    check(subject, report, settings) {
      const pod = podSpec(subject);
      for (const { path, value } of pod ? containers(pod) : []) {
        const image = text(value, "image");
        for (const wanted of image === undefined ? [] : faults(image, settings)) {
          report({ at: `${path}.image`, found: JSON.stringify(image), wanted });
        }
      }
    },
  },
);
