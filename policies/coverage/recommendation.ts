import { type FrameworkId, frameworks } from "../core/frameworks.ts";

/** Catalogues of Microsoft and CIS whose numbers are listed here one by one. */
export const listed = [
  "cis-azure",
  "cis-azure-5",
  "cis-azure-3",
  "cis-aks",
  "cis-kubernetes",
  "cis-m365",
  "mcsb",
] as const satisfies readonly FrameworkId[];

export type ListedFramework = (typeof listed)[number];

/** One recommendation for what a stack makes, with the rules that check it, or the reason why none does. */
export type Recommendation = {
  /** What is recommended, in this project's words. */
  readonly asks: string;
  /** Number in its catalogue; none where a page of Microsoft's documentation says it. */
  readonly id?: string;
  /** The page, where there is no number. */
  readonly url?: string;
} & (
  | {
      /** Names of rules. */
      readonly rules: readonly string[];
      /** What of it the rules leave open, if anything. */
      readonly gap?: string;
    }
  | {
      /** Why no rule of this pack checks it. */
      readonly reason: string;
    }
);

/** Recommendations of one source about one subject. */
export interface Chapter {
  readonly title: string;
  /** Catalogue of the numbers; `microsoft` where pages say it. */
  readonly source: ListedFramework | "microsoft";
  readonly recommendations: readonly Recommendation[];
}

/** What a chapter's source is called. */
export function sourceName(source: Chapter["source"]): string {
  if (source === "microsoft") return "Microsoft's documentation";
  const { name, version } = frameworks[source];
  return `${name} ${version}`;
}
