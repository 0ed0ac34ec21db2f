import * as sdkServer from "@pulumi/policy/server.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, it } from "vitest";
import { type Rule, resourceRule, stackRule } from "./rule.ts";
import { text, unknownText } from "./values.ts";

const words = { title: "T", what: "W", why: "Y", fix: "do X", severity: "low", url: "https://example.com" } as const;
const thing = "azure-native:things:Thing";

const colour = resourceRule<{ colours: readonly string[] }>(
  { ...words, name: "colour" },
  {
    types: [thing],
    config: { colours: { type: "array", default: ["blue"], description: "Allowed." } },
    check({ props }, report, { colours }) {
      for (const at of ["left", "right"]) {
        const found = text(props, at);
        if (found && !colours.includes(found)) report({ at, found, wanted: colours.join() });
      }
    },
  },
);

const crashing = resourceRule(
  { ...words, name: "crashing" },
  {
    types: [thing],
    check({ props }) {
      throw new SyntaxError(`unexpected ${text(props, "left")}`);
    },
  },
);

const pairs = stackRule(
  { ...words, name: "pairs" },
  {
    types: [thing],
    check(resources, report) {
      for (const one of resources) {
        const [partner] = one.dependenciesOf("partner");
        if (partner) report(one, { at: "partner", found: partner, wanted: "none" });
      }
    },
  },
);

interface Answer {
  readonly policyname: string;
  readonly message: string;
  readonly urn: string;
  readonly enforcementlevel: number;
}

type Rpc = (
  call: { request: unknown },
  done: (
    error: Error | undefined,
    response: { toObject(): { diagnosticsList: Answer[]; notApplicableList: object[] } },
  ) => void,
) => Promise<void>;

/** The SDK's own request handlers, which its type declarations leave out. */
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = sdkServer as unknown as Record<
  "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
  (pack: string, version: string, level: string, policies: readonly unknown[]) => Rpc
>;

async function call(rpc: Rpc, request: unknown) {
  return await new Promise<{ diagnosticsList: Answer[]; notApplicableList: object[] }>((resolve, reject) => {
    void rpc({ request }, (error, response) => (error ? reject(error) : resolve(response.toObject())));
  });
}

async function analyze(rule: Rule, type: string, props: Record<string, string>) {
  const request = new analyzer.AnalyzeRequest();
  request.setType(type);
  request.setName("one");
  request.setUrn(`urn:pulumi:test::entrada::${type}::one`);
  request.setProperties(Struct.fromJavaScript(props));
  request.setOptions(new analyzer.AnalyzerResourceOptions());
  return await call(makeAnalyzeRpcFun("pack", "1.0.0", "mandatory", [rule.policy]), request);
}

it("stays mandatory when a neighbouring value is unknown", async () => {
  const { diagnosticsList } = await analyze(colour, thing, { left: "red", right: unknownText });
  expect(diagnosticsList).toMatchObject([
    { policyname: "colour", enforcementlevel: analyzer.EnforcementLevel.MANDATORY },
  ]);
  expect(diagnosticsList[0]?.message).toBe('W\nThing "one": left is red; wanted: blue. Fix: do X');
});

it("says nothing, not even that it could not run, when all it asks for is unknown", async () => {
  expect(await analyze(colour, thing, { left: unknownText })).toMatchObject({ diagnosticsList: [] });
});

it("sees a resource of any API version, and no other resource", async () => {
  const versioned = await analyze(colour, "azure-native:things/v20260101preview:Thing", { left: "red" });
  expect(versioned.diagnosticsList).toHaveLength(1);
  const other = await analyze(colour, "azure-native:things:Thong", { left: "red" });
  expect(other).toMatchObject({ diagnosticsList: [], notApplicableList: [{ policyName: "colour" }] });
});

it("turns a crash into a violation that names the rule and quotes no value", async () => {
  const { diagnosticsList } = await analyze(crashing, thing, { left: "hunter2" });
  expect(diagnosticsList).toMatchObject([
    { policyname: "crashing", enforcementlevel: analyzer.EnforcementLevel.MANDATORY },
  ]);
  expect(diagnosticsList[0]?.message).toMatch(/The rule crashing itself failed \(SyntaxError at rule\.test\.ts:\d+\)/);
  expect(diagnosticsList[0]?.message).not.toContain("hunter2");
});

it("lets a stack rule follow a dependency whose value is unknown, and names the resource at fault", async () => {
  const urns = ["a", "b"].map((name) => `urn:pulumi:test::entrada::${thing}::${name}`);
  const [first = "", second = ""] = urns;
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList(
    urns.map((urn) => {
      const resource = new analyzer.AnalyzerResource();
      resource.setType(thing);
      resource.setUrn(urn);
      resource.setProperties(Struct.fromJavaScript({ partner: unknownText }));
      resource.setOptions(new analyzer.AnalyzerResourceOptions());
      return resource;
    }),
  );
  const partners = new analyzer.AnalyzerPropertyDependencies();
  partners.setUrnsList([first]);
  request.getResourcesList()[1]?.getPropertydependenciesMap().set("partner", partners);
  const { diagnosticsList } = await call(makeAnalyzeStackRpcFun("pack", "1.0.0", "mandatory", [pairs.policy]), request);
  expect(diagnosticsList).toMatchObject([{ policyname: "pairs", urn: second }]);
});
