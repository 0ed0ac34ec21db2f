import { describe, expect, it } from "vitest";
import { UnknownValueError, unknownCheckingProxy } from "../testing/proxy.ts";
import { eachText, elements, formatPath, known, text, unknownText, unknownValues, value } from "./values.ts";

const annotation = "azure.workload.identity/use";
const props = unknownCheckingProxy({
  web: { redirectUris: ["https://a.contoso.com/x", unknownText, "https://b.contoso.com/x"], late: unknownText },
  all: unknownText,
  none: null,
  metadata: { annotations: { [annotation]: "true" } },
  __defaults: ["hidden"],
});

describe("known", () => {
  it("knows the same unknowns as the policy SDK", () => {
    for (const sentinel of unknownValues) {
      expect(() => unknownCheckingProxy({ sentinel }).sentinel).toThrow(UnknownValueError);
    }
  });

  it("tells values, unknowns and absences apart", () => {
    expect(known(props, "web.redirectUris[0]")).toEqual({ kind: "value", value: "https://a.contoso.com/x" });
    expect(known(props, "web.redirectUris[1]")).toEqual({ kind: "unknown" });
    expect(known(props, "web.redirectUris[9]")).toEqual({ kind: "absent" });
    expect(known(props, "none")).toEqual({ kind: "absent" });
    expect(known(props, "none.below")).toEqual({ kind: "absent" });
  });

  it("takes everything below an unknown as unknown", () => {
    expect(known(props, "all.below[3]")).toEqual({ kind: "unknown" });
  });

  it("reaches keys with dots through a list", () => {
    expect(text(props, ["metadata", "annotations", annotation])).toBe("true");
  });

  it("gives no value where there is none yet", () => {
    expect(value(props, "web.late")).toBeUndefined();
    expect(text(props, "web")).toBeUndefined();
  });
});

describe("elements", () => {
  it("keeps the known members beside an unknown one", () => {
    expect(elements(props, "web.redirectUris").map(({ path, item }) => [path, item.kind])).toEqual([
      ["web.redirectUris[0]", "value"],
      ["web.redirectUris[1]", "unknown"],
      ["web.redirectUris[2]", "value"],
    ]);
  });

  it("counts a list that is unknown as a whole as one unknown member, an absent one as none", () => {
    expect(elements(props, "all").map(({ item }) => item.kind)).toEqual(["unknown"]);
    expect(elements(props, "spa.redirectUris")).toEqual([]);
    expect(elements(props, "metadata.annotations")[0]?.path).toBe(`metadata.annotations["${annotation}"]`);
  });
});

it("visits every known text, engine keys left out", () => {
  const seen: string[] = [];
  eachText(props, [], (found, path) => seen.push(`${formatPath(path)}=${found}`));
  expect(seen).toEqual([
    "web.redirectUris[0]=https://a.contoso.com/x",
    "web.redirectUris[2]=https://b.contoso.com/x",
    `metadata.annotations["${annotation}"]=true`,
  ]);
});
