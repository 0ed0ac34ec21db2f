import { AuthenticationStrengthPolicy } from "@pulumi/azuread/authenticationStrengthPolicy.js";
import { ConditionalAccessPolicy } from "@pulumi/azuread/conditionalAccessPolicy.js";
import { Group } from "@pulumi/azuread/group.js";
import { NamedLocation } from "@pulumi/azuread/namedLocation.js";
import * as pulumi from "@pulumi/pulumi";
import type { DeclaredConditionalAccess } from "../../../model/conditional-access/declared.ts";
import { deployerId } from "../deployer.ts";
import { locationArgs, strengthArgs } from "./places.ts";
import { policyArgs } from "./policy-args.ts";
import { BREAK_GLASS_KEY } from "./references.ts";

export interface ConditionalAccessArgs {
  /** Policies, named locations and strengths, as `declaredConditionalAccess` gives them. */
  readonly declared: DeclaredConditionalAccess;
  /** Name of the break-glass group. @example "Contoso prod break-glass" */
  readonly breakGlassName: string;
  /** Object ids of the break-glass accounts: exactly the group's members. */
  readonly breakGlass: pulumi.Input<pulumi.Input<string>[]>;
  /** Team key → the group's object id. */
  readonly teams: Readonly<Record<string, pulumi.Input<string>>>;
  /** Tool id → client id of its registration. */
  readonly tools: Readonly<Record<string, pulumi.Input<string>>>;
  /** Entry of a person in the policies → object id. */
  readonly people: Readonly<Record<string, pulumi.Input<string>>>;
  /** Object id of the identity that deploys, which owns the break-glass group. @default who runs the program */
  readonly deployer?: string;
  /** Whether Pulumi refuses to delete the break-glass group. @default false */
  readonly protect?: boolean;
}

/**
 * Conditional Access: the group of the accounts that no policy reaches, named locations, the company's own strengths, and the
 * policies, in that order.
 *
 * @example new ConditionalAccess("conditional-access", { declared, breakGlassName: "Contoso prod break-glass", breakGlass, teams, tools, people: {} })
 */
export class ConditionalAccess extends pulumi.ComponentResource {
  /** Object id of the break-glass group. */
  readonly breakGlassId: pulumi.Output<string>;

  constructor(name: string, args: ConditionalAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:entra:ConditionalAccess", name, {}, opts);
    const child = { parent: this };
    const { declared } = args;

    this.breakGlassId = createBreakGlass(args, this);
    const locations = declared.locations.map(({ key, location }) => {
      const made = new NamedLocation(`location-${key}`, locationArgs(location), child);
      return [key, made.objectId] as const;
    });
    const strengths = declared.strengths.map(({ key, strength }) => {
      const made = new AuthenticationStrengthPolicy(`strength-${key}`, strengthArgs(strength), child);
      return [key, made.id] as const;
    });
    const targets = {
      team: { ...args.teams, [BREAK_GLASS_KEY]: this.breakGlassId },
      tool: args.tools,
      person: args.people,
      location: Object.fromEntries(locations),
      strength: Object.fromEntries(strengths),
    };
    for (const { key, policy } of declared.policies) {
      new ConditionalAccessPolicy(key, policyArgs(policy, targets), child);
    }
    this.registerOutputs({ breakGlassId: this.breakGlassId });
  }
}

/**
 * The one group that every policy leaves out. Roles could be assigned to it, and none is: it is so because then only privileged
 * role administrators and its owners change the members, and nobody joins by himself. Entra demands an owner; it is who deploys.
 */
function createBreakGlass(args: ConditionalAccessArgs, parent: ConditionalAccess): pulumi.Output<string> {
  const group = new Group(
    "break-glass",
    {
      displayName: args.breakGlassName,
      description: "Emergency accounts, which no Conditional Access policy reaches",
      securityEnabled: true,
      assignableToRole: true,
      visibility: "Private",
      preventDuplicateNames: true,
      owners: [deployerId(args.deployer, parent)],
      members: args.breakGlass,
    },
    { parent, protect: args.protect ?? false },
  );
  return group.objectId;
}
