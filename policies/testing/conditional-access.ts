import type { Sample } from "./harness.ts";

/** Ids as a deployed directory has them: the last digits are what tests tell them apart by. */
export function idOf(digits: number): string {
  return `00000000-aaaa-4bbb-8ccc-${String(digits).padStart(12, "0")}`;
}

export const ids = {
  breakGlass: idOf(1),
  admins: idOf(2),
  client: idOf(10),
  application: idOf(11),
  principal: idOf(12),
};

export const group = (name: string, props: object = {}, refs: Sample["refs"] = {}): Sample => ({
  type: "azuread:index/group:Group",
  name,
  props: { displayName: name, ...props },
  refs,
});

/** The break-glass group as it should be. */
export const breakGlass = group("break-glass", {
  objectId: ids.breakGlass,
  assignableToRole: true,
  members: [idOf(3), idOf(4)],
});

export const application = (name = "superset", props: object = {}): Sample => ({
  type: "azuread:index/application:Application",
  name,
  props: {
    displayName: name,
    clientId: ids.client,
    objectId: ids.application,
    web: { redirectUris: [`https://${name}.contoso.com/callback`] },
    ...props,
  },
});

export const principal = (props: object = {}, refs: Sample["refs"] = {}): Sample => ({
  type: "azuread:index/servicePrincipal:ServicePrincipal",
  name: "superset-sp",
  props: { clientId: ids.client, objectId: ids.principal, ...props },
  refs,
});

/** A tool with its enterprise application, deployed. */
export const tool: readonly Sample[] = [application(), principal()];

export interface PolicyWords {
  readonly name?: string;
  readonly state?: string;
  readonly users?: object;
  readonly applications?: object;
  readonly conditions?: object;
  readonly grantControls?: object | undefined;
  readonly sessionControls?: object;
  readonly refs?: Sample["refs"];
}

/** A policy that breaks no rule, but for what is said of it: enabled, a second factor for everybody at the tool. */
export function policy(words: PolicyWords = {}): Sample {
  const grantControls = "grantControls" in words ? words.grantControls : { operator: "OR", builtInControls: ["mfa"] };
  return {
    type: "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy",
    name: words.name ?? "mfa",
    props: {
      displayName: words.name ?? "mfa",
      state: words.state ?? "enabled",
      conditions: {
        clientAppTypes: ["all"],
        applications: words.applications ?? { includedApplications: [ids.client] },
        users: { includedUsers: ["All"], excludedGroups: [ids.breakGlass], ...words.users },
        ...words.conditions,
      },
      ...(grantControls === undefined ? {} : { grantControls }),
      ...(words.sessionControls === undefined ? {} : { sessionControls: words.sessionControls }),
    },
    refs: words.refs ?? {},
  };
}

export const block = { operator: "OR", builtInControls: ["block"] };

/** Legacy clients out, as the baseline has it. */
export const legacyBlock = policy({
  name: "legacy-clients",
  conditions: { clientAppTypes: ["exchangeActiveSync", "other"] },
  grantControls: block,
});

export const location = (ip: object): Sample => ({
  type: "azuread:index/namedLocation:NamedLocation",
  name: "office",
  props: { displayName: "Office", ip },
});
