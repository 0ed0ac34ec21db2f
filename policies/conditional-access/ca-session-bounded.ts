import { resourceRule } from "../core/rule.ts";
import { text, value } from "../core/values.ts";
import { policyType } from "./types.ts";

interface Config {
  readonly maxHours: number;
}

/** Entra's own session ends as well, so that a stolen cookie opens the tools for hours and not for months. */
export const caSessionBounded = resourceRule<Config>(
  {
    name: "ca-session-bounded",
    title: "Entra asks again before long",
    what: "No policy keeps browsers signed in, and none that sets a sign-in frequency sets a longer one than the settings.",
    why: "A tool that asks Entra again gets its answer from Entra's session. With a persistent browser that lasts months, on somebody else's machine too, whatever the tools' own sessions are.",
    fix: "Set sessionControls.persistentBrowserMode to never, or leave it out, and signInFrequency from `conditionalAccess.frequency`.",
    severity: "medium",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/concept-session-lifetime",
    mappings: [
      { framework: "cis-m365", id: "5.2.2.4", note: "asks it of administrators" },
      { framework: "cis-m365", id: "5.2.2.13" },
    ],
  },
  {
    types: [policyType],
    config: {
      maxHours: {
        type: "integer",
        minimum: 1,
        default: 24,
        description: "Longest sign-in frequency, in hours (`conditionalAccess.frequency`).",
      },
    },
    check({ props }, report, { maxHours }) {
      const mode = "sessionControls.persistentBrowserMode";
      if (text(props, mode) === "always") report({ at: mode, found: '"always"', wanted: '"never", or none' });
      const at = "sessionControls.signInFrequency";
      const frequency = value(props, at);
      if (typeof frequency !== "number") return;
      const hours = text(props, "sessionControls.signInFrequencyPeriod") === "days" ? frequency * 24 : frequency;
      if (hours > maxHours) report({ at, found: `${hours}h`, wanted: `at most ${maxHours}h` });
    },
  },
);
