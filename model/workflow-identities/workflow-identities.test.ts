import { describe, expect, it } from "vitest";
import { githubSubjects, type Repository, WORKFLOW_IDENTITIES, workflowIdentity } from "./index.ts";

const repository: Repository = { owner: "contoso", ownerId: 11, name: "data-tools", id: 22 };

describe("the subject of a job's token", () => {
  it("names the repository by numbers, by names, or by both while it changes over", () => {
    const ids = "repo:contoso@11/data-tools@22:environment:prod-preview";
    const names = "repo:contoso/data-tools:environment:prod-preview";
    expect(githubSubjects(repository, "ids", "prod-preview")).toEqual({ ids });
    expect(githubSubjects(repository, "names", "prod-preview")).toEqual({ names });
    expect(githubSubjects(repository, "both", "prod-preview")).toEqual({ ids, names });
  });
});

describe("the workflows' identities", () => {
  it("share no GitHub environment, in no environment", () => {
    const all = ["dev", "prod"].flatMap((environment) =>
      WORKFLOW_IDENTITIES.flatMap(({ githubEnvironments }) => githubEnvironments(environment)),
    );
    expect(all).toEqual(["dev-preview", "dev-drift", "dev", "prod-preview", "prod-drift", "prod"]);
  });

  it("hold each right once, with a reason that is a sentence", () => {
    for (const { graph, azure } of WORKFLOW_IDENTITIES) {
      const rights = [...graph, ...azure];
      expect(new Set(rights.map(({ id }) => id)).size).toBe(rights.length);
      for (const { id, why } of rights) {
        expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        expect(why).toMatch(/^[A-Z].{20,}\.$/);
      }
    }
  });

  it("read in previews, by their very names", () => {
    const { graph, azure } = workflowIdentity("preview");
    for (const { name } of graph) expect(name).toMatch(/\.Read(Basic)?\.All$/);
    // The key's role encrypts too, because there is none that only decrypts; that changes nothing that anybody keeps.
    const written = azure.filter(({ name }) => !/Reader$|Cluster User Role$/.test(name));
    expect(written.map(({ name }) => name)).toEqual(["Key Vault Crypto User"]);
  });
});
