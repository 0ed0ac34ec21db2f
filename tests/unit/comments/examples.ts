/** An example of a pull request: how the sample company's stack file changes. */
export interface Example {
  /** File name of the snapshot. */
  readonly name: string;
  /** What stands on main, where the sample as it is would not do. */
  readonly before?: (text: string) => string;
  readonly change: (text: string) => string;
  /** Whether the pull request must not be merged. */
  readonly stopped: boolean;
}

const ANALYSTS = "members: [mei.tanaka, omar.haddad, jon.berg, eva.lindqvist]";
const SUPERSET = "image: contoso.azurecr.io/superset:6.1.0";

/** The eight changes whose comments are kept to be read, and a ninth that looks like one of them. */
export const EXAMPLES: readonly Example[] = [
  { name: "add-analyst", change: swap(ANALYSTS, ANALYSTS.replace("]", ", pavel.orlov]")), stopped: false },
  {
    name: "promote-to-admin",
    change: swap("members: [ana.lima, jon.berg]", "members: [ana.lima, jon.berg, mei.tanaka]"),
    stopped: false,
  },
  {
    name: "new-tool",
    change: swap(
      "    custom:\n",
      `    custom:
      roadmap:
        image: contoso.azurecr.io/roadmap:2.3.1
        roles: { Editor: Writes the roadmap., Reader: Reads the roadmap. }
        access: { Editor: [product], Reader: [analysts, sales] }
`,
    ),
    stopped: false,
  },
  {
    name: "remove-mfa",
    change: swap(
      "    state: enforced\n",
      `    state: enforced\n    baseline: { mfa: { state: "off", reason: People ask for fewer prompts } }\n`,
    ),
    stopped: false,
  },
  {
    name: "rotate-secret",
    change: swap("  entrada:cluster:\n", "  entrada:secrets: { lifetimeDays: 60 }\n\n  entrada:cluster:\n"),
    stopped: false,
  },
  { name: "rename-a-team", change: (text) => text.replaceAll(/\banalysts\b/g, "bi-analysts"), stopped: false },
  {
    name: "rename-a-team-in-entra",
    change: swap("displayName: Analysts\n", "displayName: BI analysts\n"),
    stopped: false,
  },
  {
    name: "upgrade-a-tool",
    before: swap(SUPERSET, "version: 6.0.0\n      image: contoso.azurecr.io/superset:6.0.0"),
    change: swap("version: 6.0.0\n      image: contoso.azurecr.io/superset:6.0.0", SUPERSET),
    stopped: false,
  },
  {
    name: "delete-the-vault",
    change: swap("  entrada:keyVault:\n", "  entrada:keyVault:\n    name: kv-contoso-data\n"),
    stopped: true,
  },
];

/** Puts one text in place of another that has to be there. */
function swap(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`The stack file has no "${from}" any more.`);
    return text.replace(from, to);
  };
}
