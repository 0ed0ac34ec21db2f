import { builtInStrength } from "../built-in-strengths.ts";
import { demands } from "../grant-controls.ts";
import { users } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * Administrators show what cannot be typed into a false sign-in page: a push that somebody approves without looking is not
 * enough where other people's rights are given (https://learn.microsoft.com/entra/identity/conditional-access/policy-admin-phish-resistant-mfa).
 */
export const admins: Part = ({ settings, adminTeams }) =>
  adminTeams.length === 0
    ? []
    : [
        {
          title: `${TITLES[settings.admins]} for administrators`,
          conditions: { users: users({ includeGroups: adminTeams }) },
          grant: demands("AND", [], builtInStrength(settings.admins)),
        },
      ];

const TITLES = {
  mfa: "Multifactor authentication",
  passwordless: "Passwordless sign-in",
  "phishing-resistant": "Phishing-resistant sign-in",
};
