import { describe, expect, it } from "vitest";
import { peopleWords } from "./people-words.ts";
import { demandWords, sessionWords, verdictWords } from "./words.ts";

describe("verdicts in words", () => {
  const session = {};
  it.each([
    [{ outcome: "allow", demands: [], session }, "let in"],
    [{ outcome: "challenge", demands: ["mfa"], session, code: 50076 }, "asked for multifactor authentication"],
    [{ outcome: "block", demands: [], session, code: 53003 }, "blocked (AADSTS53003)"],
    [
      { outcome: "block", demands: ["compliantDevice"], session, code: 53000 },
      "blocked (AADSTS53000), for want of a compliant device",
    ],
  ] as const)("%j is %s", (verdict, words) => {
    expect(verdictWords(verdict)).toBe(words);
  });

  it("name what is demanded once, and strengths as they are called", () => {
    const demands = ["mfa", "mfa", "compliantDevice or domainJoinedDevice", 'strength "Keys or mfa"'];
    expect(demandWords(demands)).toBe(
      "multifactor authentication, a compliant device or a hybrid joined device and Keys or mfa",
    );
  });

  it("tell what the session is held to", () => {
    const frequency = { isEnabled: true, authenticationType: "primaryAndSecondaryAuthentication" } as const;
    const hours = { ...frequency, frequencyInterval: "timeBased", value: 1, type: "hours" } as const;
    const always = { ...frequency, frequencyInterval: "everyTime", value: null, type: null } as const;
    expect(sessionWords({ signInFrequency: hours, persistentBrowser: "never" })).toEqual([
      "signs in again after 1 hour",
      "browser forgets the sign-in",
    ]);
    expect(sessionWords({ signInFrequency: always })).toEqual(["signs in every time"]);
  });
});

describe("people in words", () => {
  const everybody = ["ana", "jon", "mei", "omar", "zoe"];
  const teams = new Map([
    ["admins", ["ana", "jon"]],
    ["analysts", ["jon", "mei", "omar", "gone"]],
    ["guests", ["zoe"]],
  ]);
  it.each([
    [["zoe"], "zoe", false],
    [everybody, "everybody (5 people)", true],
    [["ana", "jon"], "admins (2 people)", true],
    [["ana", "jon", "zoe"], "admins and zoe (3 people)", true],
    [["mei", "zoe"], "mei and zoe (2 people)", true],
    [["ana", "mei", "omar", "zoe"], "everybody but jon (4 people)", true],
  ])("%j are %s", (people, text, plural) => {
    expect(peopleWords(people, everybody, teams)).toEqual({ text, plural });
  });
});
