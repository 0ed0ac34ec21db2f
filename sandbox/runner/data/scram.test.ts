import { describe, expect, it } from "vitest";
import { isVerifierOf, scramVerifier } from "./scram.ts";

/** The example of RFC 7677, section 3, as PostgreSQL writes it: user `user`, password `pencil`. */
const RFC =
  "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

describe("a SCRAM verifier", () => {
  it("is that of the standard's example", () => {
    expect(isVerifierOf(RFC, "pencil")).toBe(true);
    expect(isVerifierOf(RFC, "Pencil")).toBe(false);
  });

  it("is told from its password alone, with another salt each time", () => {
    const [one, other] = [scramVerifier("s3cretValue"), scramVerifier("s3cretValue")];
    expect(one).not.toBe(other);
    expect(one).not.toContain("s3cretValue");
    expect([one, other].map((stored) => isVerifierOf(stored, "s3cretValue"))).toEqual([true, true]);
  });

  it.each([[null], [""], ["md53175bce1d3201d16594cebf9d7eb3f9d"], [`${RFC}x`]])("is none: %s", (stored) => {
    expect(isVerifierOf(stored, "pencil")).toBe(false);
  });

  it.each(["", "two words", "schlüssel", "tab\t"])(
    "is refused for %j, which clients would prepare in ways of their own",
    (password) => {
      expect(() => scramVerifier(password)).toThrow(/printable ASCII/);
    },
  );
});
