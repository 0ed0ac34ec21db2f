import type { Job } from "./job.ts";
import { outputOf } from "./process.ts";

/** Who writes comments and issues with a workflow's own token. Somebody else's text with the same marker is left alone. */
const OURS = "github-actions[bot]";

interface Written {
  readonly id: number;
  readonly number?: number;
  readonly body: string | null;
  readonly user: { readonly login: string } | null;
  /** Set on what the list of issues has of pull requests. */
  readonly pull_request?: unknown;
}

/** GitHub's REST API through its command line, which takes the job's token from GH_TOKEN. */
export class GitHub {
  readonly #job: Job;
  readonly #repository: string;

  constructor(job: Job, repository: string) {
    this.#job = job;
    this.#repository = repository;
  }

  /**
   * Our one comment on a pull request: written, written anew, or, with no text, left away where there is none.
   * @param text begins with the marker
   * @param otherwise what to say in its place where there was one
   */
  async keepComment(pullRequest: string, marker: string, text: string | undefined, otherwise: string): Promise<void> {
    const comments = await this.#list(`issues/${pullRequest}/comments`);
    const ours = comments.find((comment) => isOurs(comment, marker));
    const body = text ?? `${marker}\n${otherwise}`;
    if (!body.startsWith(marker)) throw new Error("The comment has to begin with its marker, to be found again.");
    if (ours !== undefined) await this.#send("PATCH", `issues/comments/${ours.id}`, { body });
    else if (text !== undefined) await this.#send("POST", `issues/${pullRequest}/comments`, { body });
  }

  /** Our one open issue: opened, written anew, or, with no text, closed. */
  async keepIssue(marker: string, title: string, text: string | undefined): Promise<void> {
    const issues = await this.#list("issues", "state=open&labels=drift&");
    const ours = issues.find((issue) => issue.pull_request === undefined && isOurs(issue, marker));
    if (text === undefined) {
      if (ours === undefined) return;
      await this.#send("PATCH", `issues/${ours.number}`, { state: "closed", state_reason: "completed" });
    } else if (ours === undefined) {
      await this.#send("POST", "issues", { title, body: `${marker}\n${text}`, labels: ["drift"] });
    } else {
      await this.#send("PATCH", `issues/${ours.number}`, { title, body: `${marker}\n${text}` });
    }
  }

  async #list(path: string, query = ""): Promise<Written[]> {
    const url = `repos/${this.#repository}/${path}?${query}per_page=100`;
    const pages = await outputOf(this.#job.run, "gh", ["api", "--paginate", "--slurp", url]);
    return (JSON.parse(pages) as Written[][]).flat();
  }

  async #send(method: string, path: string, body: object): Promise<void> {
    const args = ["api", "--method", method, `repos/${this.#repository}/${path}`, "--input", "-"];
    await outputOf(this.#job.run, "gh", args, { input: JSON.stringify(body) });
  }
}

const isOurs = ({ body, user }: Written, marker: string) => user?.login === OURS && body?.startsWith(marker) === true;

/** GitHub takes 65,536 characters; what is cut off is said. */
export function fitting(text: string, rest: string): string {
  const limit = 60_000;
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit);
  return `${cut.slice(0, cut.lastIndexOf("\n"))}\n\n*Cut here: ${rest}.*`;
}
