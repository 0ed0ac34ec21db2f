import type { Group } from "../../directory.ts";

/** A group with nothing set but what is given, as Graph makes it before the request's properties are laid over. */
export function blankGroup(given: Pick<Group, "id" | "createdDateTime"> & Partial<Group>): Group {
  return {
    displayName: "",
    description: null,
    mailEnabled: false,
    mailNickname: "",
    securityEnabled: false,
    isAssignableToRole: null,
    groupTypes: [],
    membershipRule: null,
    membershipRuleProcessingState: null,
    visibility: null,
    owners: [],
    members: [],
    ...given,
  };
}
