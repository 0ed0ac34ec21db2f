/** Who signs the identity tokens of GitHub's jobs. */
export const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";

/** A repository on GitHub, by names and by numbers. */
export interface Repository {
  /** @example "contoso" */
  readonly owner: string;
  /** Number of the owner: `gh api users/<owner> --jq .id`. */
  readonly ownerId: number;
  /** @example "data-tools" */
  readonly name: string;
  /** Number of the repository: `gh api repos/<owner>/<name> --jq .id`. */
  readonly id: number;
}

/**
 * How GitHub names a repository in a token's subject. `ids`: with numbers that nobody else ever gets, as for repositories
 * made or renamed on or after 15 July 2026. `names`: by names alone, as for older ones until they opt in; whoever gets
 * the name after the repository was renamed or deleted gets the identity too. `both`: while a repository changes over.
 */
export type SubjectForm = "ids" | "names" | "both";

/**
 * The `sub` of a job's token, which Entra compares character by character (AADSTS700213). A job that names an environment
 * always has it there, whatever started it.
 * @returns form → subject, those that the repository sends
 */
export function githubSubjects(
  { owner, ownerId, name, id }: Repository,
  form: SubjectForm,
  environment: string,
): Readonly<Record<string, string>> {
  return {
    ...(form === "names" ? {} : { ids: `repo:${owner}@${ownerId}/${name}@${id}:environment:${environment}` }),
    ...(form === "ids" ? {} : { names: `repo:${owner}/${name}:environment:${environment}` }),
  };
}
