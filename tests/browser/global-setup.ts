import type { TestProject } from "vitest/node";
import { Company, PREVIOUS } from "./company.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the sandbox in which the tools run, shared by all files, which run one after the other. */
    browserSandbox: string;
  }
}

/**
 * Brings the company up with the versions before, which the first file upgrades, and takes everything down afterwards.
 * `ENTRADA_BROWSER_SANDBOX=<folder>` uses a sandbox in which the tools run and leaves it as it is, for work on one file.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const kept = process.env.ENTRADA_BROWSER_SANDBOX;
  if (kept !== undefined) {
    project.provide("browserSandbox", kept);
    return undefined;
  }
  const company = new Company();
  try {
    console.log(await company.up(PREVIOUS));
    console.log(await company.run());
  } catch (error) {
    // They go with the sandbox, and tell why a tool did not start.
    console.log(company.lastWords());
    await company.dispose();
    throw error;
  }
  project.provide("browserSandbox", company.sandbox.layout.root);
  return () => company.dispose();
}
