import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Runs the files of the project `browser` in the order of their names, because the first upgrades the tools and the last
 * looks at what all have left. vitest itself would begin with those that took longest or failed.
 */
export class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isOrdered = ({ project }: TestSpecification) => project.name === "browser";
    const ordered = sorted.filter(isOrdered).sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
    return [...sorted.filter((file) => !isOrdered(file)), ...ordered];
  }
}
