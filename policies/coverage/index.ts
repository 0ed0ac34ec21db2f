import { cisChapters } from "./cis.ts";
import { microsoftChapters } from "./microsoft.ts";
import type { Chapter } from "./recommendation.ts";

/**
 * Recommendations of Microsoft and CIS for what a stack of this project makes. Numbers are those of the editions in
 * core/frameworks.ts; the words are this project's.
 */
export const chapters: readonly Chapter[] = [...microsoftChapters, ...cisChapters];

/** Rules that no recommendation of the list names, and why they are there all the same. */
export const alone: Readonly<Record<string, string>> = {
  "partner-no-admin": "Partners' own identity providers are this project's own way in, so its limit is as well.",
  "no-shipped-defaults": "Says of each tool what its makers say in their guides for production.",
  "tools-settled": "Says of each tool what its makers say in their guides for production.",
  "tools-behind-proxy":
    "What OpenMetadata and open-source Metabase leave out is theirs; the proxy is this project's answer.",
  "proxy-strict": "Holds the proxy's own settings, which no catalogue of Microsoft or CIS knows.",
};
