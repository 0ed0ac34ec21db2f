import type { TestProject } from "vitest/node";
import { TestSandbox } from "./harness.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of a sandbox with the sample company up, shared by the tests that only look. */
    sharedSandbox: string;
  }
}

/** Brings the sample company up once for all test files that don't change it, and takes everything down afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const sandbox = new TestSandbox();
  try {
    console.log(await sandbox.ok("sandbox", "up"));
  } catch (error) {
    await sandbox.dispose();
    throw error;
  }
  project.provide("sharedSandbox", sandbox.layout.root);
  return () => sandbox.dispose();
}
