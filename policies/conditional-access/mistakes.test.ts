import { describe, expect, it } from "vitest";
import { rules } from "../rules.ts";
import { application, group, idOf, ids, legacyBlock, policy, principal } from "../testing/conditional-access.ts";
import { good, mistakes } from "../testing/conditional-access-mistakes.ts";
import { messages, NotApplicable, type Sample, stackMessages, urnOf } from "../testing/harness.ts";
import { conditionalAccessConfig } from "./facts.ts";

const config = conditionalAccessConfig({
  conditionalAccess: {
    parts: { mfa: "enforced", guests: "enforced", admins: "enforced", legacyClients: "enforced" },
    breakGlass: "break-glass",
    adminLevel: "phishing-resistant",
    platformApplications: [],
    platformAdmins: [],
    otherApplications: [],
    anyOfReasons: {},
    maxHours: 12,
    deployed: { policies: { mfa: "enforced", "legacy-clients": "enforced" }, applications: [ids.client] },
  },
});

/** Everything that the rules about Conditional Access find in a stack, by rule. */
function found(samples: readonly Sample[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const rule of rules.filter(({ text }) => text.name.startsWith("ca-"))) {
    const settings = config[rule.text.name] ?? {};
    const texts =
      rule.scope === "stack"
        ? stackMessages(rule, samples, settings)
        : samples.flatMap((sample) => {
            try {
              return messages(rule, sample, settings).map((text) => `${urnOf(sample)} ${text}`);
            } catch (error) {
              if (error instanceof NotApplicable) return [];
              throw error;
            }
          });
    if (texts.length > 0) all[rule.text.name] = [...texts];
  }
  return all;
}

describe("mistakes with Conditional Access", () => {
  it("are none in a stack as it should be, deployed and in its first preview", () => {
    expect(found(good)).toEqual({});
    const first = [
      group("break-glass", { assignableToRole: true, members: [idOf(3)] }),
      application("superset", { clientId: undefined, objectId: undefined }),
      principal({ clientId: undefined, objectId: undefined }, { clientId: "superset" }),
      ...[policy(), legacyBlock].map((one) => ({
        ...one,
        refs: {
          "conditions.users.excludedGroups.0": "break-glass",
          "conditions.applications.includedApplications.0": "superset",
        },
      })),
    ];
    expect(found(first)).toEqual({});
  });

  it.each(mistakes)("%s", (_, stack, wanted) => {
    const texts = found(stack);
    expect(Object.keys(texts).sort()).toEqual(Object.keys(wanted).sort());
    for (const [rule, [what, fix]] of Object.entries(wanted)) {
      expect(texts[rule]?.join("\n")).toContain(what);
      expect(texts[rule]?.join("\n")).toMatch(/ Fix: .+/);
      expect(texts[rule]?.join("\n").split(" Fix: ").slice(1).join("\n")).toContain(fix);
    }
  });

  it("takes each rule's name from the pack", () => {
    const names = new Set(rules.map(({ text }) => text.name));
    const named = mistakes.flatMap(([, , wanted]) => Object.keys(wanted));
    expect(named.filter((name) => !names.has(name))).toEqual([]);
    expect(new Set(named).size).toBeGreaterThan(14);
  });
});
