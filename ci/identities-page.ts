import {
  type AzureRole,
  SCOPES,
  WORKFLOW_IDENTITIES,
  type WorkflowIdentity,
} from "../model/workflow-identities/index.ts";

/** The page docs/ci-identities.md. */
export function identitiesPage(identities: readonly WorkflowIdentity[] = WORKFLOW_IDENTITIES): string {
  return `${[
    "# The workflows' identities",
    "",
    "<!-- Written by ci/write-identities-page.ts from model/workflow-identities; edit those, then run `node --import tsx ci/write-identities-page.ts`. -->",
    "",
    "Each environment has a pair of managed identities. Neither has a credential: Entra gives a job their rights for its own identity token, whose",
    "subject names the repository and the GitHub environment. What is not listed here is not given, and a test holds the list to",
    "what the providers really ask: the sandbox's Microsoft Graph and Azure Resource Manager refuse what has not been granted. How to make them: [ci.md](ci.md).",
    ...identities.flatMap(section),
  ].join("\n")}\n`;
}

function section({ id, purpose, githubEnvironments, graph, azure }: WorkflowIdentity): string[] {
  const environments = githubEnvironments("<environment>").map((name) => `\`${name}\``);
  return [
    "",
    `## ${id}`,
    "",
    purpose,
    "",
    `GitHub environments: ${environments.join(", ")}. Subjects, one for each:`,
    "",
    ...githubEnvironments("<environment>").flatMap((name) => [
      `- \`repo:<owner>@<owner id>/<name>@<id>:environment:${name}\`, of repositories made or renamed on or after 15 July 2026`,
      `- \`repo:<owner>/<name>:environment:${name}\`, of older ones`,
    ]),
    "",
    "| permission at Microsoft Graph | why |",
    "| --- | --- |",
    ...graph.map(({ name, why }) => `| \`${name}\` | ${why} |`),
    "",
    "| role in Azure | on | why |",
    "| --- | --- | --- |",
    ...azure.map(
      (role) =>
        `| ${role.name}${role.allows === undefined ? ` (\`${role.id}\`)` : ""}${limit(role)} | ${SCOPES[role.scope]} | ${role.why} |`,
    ),
  ];
}

/** What limits a role, or makes one of our own. */
function limit({ handsOn, allows }: AzureRole): string {
  if (allows !== undefined) {
    const list = (actions: readonly string[]) => actions.map((action) => `\`${action}\``).join(", ");
    const but = allows.notDataActions.length === 0 ? "" : `, but not ${list(allows.notDataActions)}`;
    return `, made for it: ${list([...allows.actions, ...allows.dataActions])}${but}`;
  }
  if (handsOn === undefined) return "";
  return `, with a condition: only *${Object.keys(handsOn).join("*, *")}*, only to service principals and groups`;
}
