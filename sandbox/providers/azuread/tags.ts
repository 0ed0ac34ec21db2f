import type { PropertyMap, PropertyValue } from "../protocol/types.ts";
import { maps, texts } from "../read-values.ts";

/** Feature tags are plain tags with a meaning to the portal. */
const FEATURES: Readonly<Record<string, string>> = {
  customSingleSignOn: "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
  enterprise: "WindowsAzureActiveDirectoryIntegratedApp",
  gallery: "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
  hide: "HideApp",
};

/** Tags as Graph takes them, from `tags` or `featureTags`; undefined when the program gives neither. */
export function tagsOf(inputs: PropertyMap): string[] | undefined {
  if (inputs.tags !== undefined) return texts(inputs.tags);
  if (inputs.featureTags === undefined) return undefined;
  const features = maps(inputs.featureTags);
  return Object.entries(FEATURES).flatMap(([name, tag]) =>
    features.some((feature) => feature[name] === true) ? [tag] : [],
  );
}

export function featureTagsOf(tags: unknown): PropertyValue {
  const found = Array.isArray(tags) ? tags : [];
  const features = Object.entries(FEATURES).map(([name, tag]) => [name, found.includes(tag)] as const);
  return features.some(([, on]) => on) ? [Object.fromEntries(features)] : [];
}
