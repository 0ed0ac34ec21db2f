import { signInFrequency } from "../grant-controls.ts";
import { EVERYBODY, users } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * Entra's own default is a rolling window of 90 days. Once a working day is enough for people, and oftener for who can change
 * other people's rights (https://learn.microsoft.com/entra/identity/conditional-access/concept-session-lifetime).
 */
export const frequency: Part = ({ settings, adminTeams }) => [
  {
    title: "Sign-in frequency for everybody",
    conditions: { users: EVERYBODY },
    frequency: signInFrequency(settings.frequency.people),
  },
  ...(adminTeams.length === 0
    ? []
    : [
        {
          suffix: "admins",
          title: "Sign-in frequency for administrators",
          conditions: { users: users({ includeGroups: adminTeams }) },
          frequency: signInFrequency(settings.frequency.admins),
        },
      ]),
];
