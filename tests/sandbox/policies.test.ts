import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { applyStack } from "../../cli/apply.ts";
import { loadSettings, stackFile } from "../../cli/project.ts";
import { type OpenSandbox, openSandbox } from "../../cli/sandbox-session.ts";
import { failingExamples, withRefs } from "../../policies/examples/index.ts";
import { rules } from "../../policies/rules.ts";
import { Provider, Resource } from "../plain-resources.ts";
import { TestSandbox } from "./harness.ts";
import { directory } from "./live.ts";

const sandbox = new TestSandbox(inject("sharedSandbox"));
process.env.ENTRADA_SANDBOX = sandbox.layout.root;

const file = stackFile("sandbox");
const settings = loadSettings(file);

/** What a provider cannot do without, even for a preview. */
const providerArgs: Readonly<Record<string, Record<string, unknown>>> = {
  databricks: { host: "https://adb-1000000000000001.1.azuredatabricks.net" },
};

/** Registers an example's resources as a program would, with an explicit provider for each package. */
function program(examples: (typeof failingExamples)[string]) {
  return async () => {
    const providers = new Map<string, Provider>();
    const made = new Map<string, Resource>();
    for (const { type, name, props, refs = {} } of examples) {
      const [packageName = ""] = type.split(":");
      const provider =
        providers.get(packageName) ?? new Provider(packageName, packageName, providerArgs[packageName] ?? {});
      providers.set(packageName, provider);
      const links = Object.fromEntries(Object.entries(refs).map(([path, target]) => [path, made.get(target)?.id]));
      made.set(name, new Resource(type, name, withRefs(props, links), { provider }));
    }
  };
}

// One stack for all: a preview that is stopped leaves nothing in it, and opening one takes as long as its preview.
let session: OpenSandbox;
let current: ReturnType<typeof program>;
beforeAll(async () => {
  session = await openSandbox({ stack: "broken-rules", stackFile: file, settings, program: () => current() });
});
afterAll(() => session?.close());

describe("a broken rule", () => {
  it("has a failing example for every rule of the pack", () => {
    expect(Object.keys(failingExamples).sort()).toEqual(rules.map(({ text }) => text.name).sort());
  });

  it.each(Object.entries(failingExamples))(
    "%s stops up, and nothing in the cloud is touched",
    async (rule, examples) => {
      const before = directory(sandbox);
      current = program(examples);
      await expect(applyStack(session, false)).rejects.toThrow(new RegExp(`Policy ${rule}\\b`));
      expect(directory(sandbox)).toEqual(before);
    },
  );
});
