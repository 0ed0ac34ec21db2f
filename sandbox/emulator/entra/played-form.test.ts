import { describe, expect, it } from "vitest";
import { platformOf, readSignInForm } from "./played-form.ts";

const read = (text: string) => readSignInForm(new URLSearchParams(text));

describe("the sign-in form", () => {
  it("tells the person, the conditions and the request's own parameters apart", () => {
    expect(read("client_id=c&username=ana&country=PT&device=&user-risk=high&mfa=fido2")).toEqual({
      person: "ana",
      played: { country: "PT", "user-risk": "high", mfa: "fido2" },
      problems: [],
      parameters: [["client_id", "c"]],
    });
  });

  it("takes the pressed button before what stands in the field, and nobody for an empty field", () => {
    expect(read("username=half+a+name&username=jon").person).toBe("jon");
    expect(read("username=&mfa=sms").person).toBeNull();
  });

  it("names everything that is wrong", () => {
    expect(read("country=portugal&risk=huge&device=compliant").problems).toHaveLength(2);
  });
});

describe("the platform of a browser", () => {
  it.each([
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/128.0", "windows"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Safari/605.1.15", "macos"],
    ["Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0 Safari/537.36", "linux"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1", "ios"],
    ["Mozilla/5.0 (Linux; Android 14; Pixel 8) Mobile Safari/537.36", "android"],
    ["Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft) Edge/15", "windows-phone"],
    ["undici", "windows"],
    [undefined, "windows"],
  ])("%s is %s", (userAgent, platform) => {
    expect(platformOf(userAgent)).toBe(platform);
  });
});
