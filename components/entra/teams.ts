import { getGroupOutput } from "@pulumi/azuread/getGroup.js";
import { getUsersOutput } from "@pulumi/azuread/getUsers.js";
import { Group } from "@pulumi/azuread/group.js";
import * as pulumi from "@pulumi/pulumi";
import { creationOrder, groupArgs, peopleOf, type TeamDefinition } from "./team-group.ts";

export interface TeamsArgs {
  /** Team key → what the team is. */
  readonly teams: Readonly<Record<string, TeamDefinition>>;
  /** Further people whose ids are wanted, by the names that settings use. @default [] */
  readonly people?: readonly string[];
  /** User principal name of somebody whom a team names. @example (entry) => `${entry}@contoso.com` */
  readonly userPrincipalName: (entry: string) => string;
  /** Whether Pulumi refuses to delete the groups. @default false */
  readonly protect?: boolean;
}

/**
 * The company's teams as Entra security groups: created with members, dynamic by a rule, or existing ones that are only
 * read. A created group's members are exactly the declared ones: somebody added by hand is taken out at the next `up --refresh`.
 */
export class Teams extends pulumi.ComponentResource {
  /** Team key → the group's object id. */
  readonly groupIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Team key → the group's display name. */
  readonly groupNames: Readonly<Record<string, pulumi.Input<string>>>;
  /** User principal name, in lower case → the person's object id. */
  readonly #people: pulumi.Output<Record<string, string>>;
  readonly #userPrincipalName: (entry: string) => string;

  constructor(name: string, args: TeamsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:entra:Teams", name, {}, opts);
    this.#userPrincipalName = args.userPrincipalName;
    this.#people = lookUp(wanted(args), this);

    const groupIds: Record<string, pulumi.Output<string>> = {};
    const groupNames: Record<string, pulumi.Input<string>> = {};
    for (const key of creationOrder(args.teams)) {
      const team = args.teams[key] as TeamDefinition;
      if (team.existing === undefined) {
        groupIds[key] = this.#create(key, team, groupIds, args);
        groupNames[key] = team.displayName ?? key;
      } else {
        const group = this.#find(team.existing);
        groupIds[key] = group.objectId;
        groupNames[key] = group.displayName;
      }
    }
    this.groupIds = groupIds;
    this.groupNames = groupNames;
    this.registerOutputs({ groupIds });
  }

  /** Object ids of people by the entries that settings use; each must own or belong to some team, or stand in `people`. */
  personIds(entries: readonly string[]): pulumi.Output<string[]> {
    return this.#people.apply((people) => entries.map((entry) => personId(people, this.#userPrincipalName(entry))));
  }

  #create(
    key: string,
    team: TeamDefinition,
    groupIds: Readonly<Record<string, pulumi.Output<string>>>,
    args: TeamsArgs,
  ) {
    const nested = team.teams.map((other) => groupIds[other] as pulumi.Output<string>);
    const members = team.rule === undefined ? this.#members(team.members, nested) : undefined;
    const inputs = groupArgs(key, team, this.personIds(team.owners), members);
    return new Group(key, inputs, { parent: this, protect: args.protect ?? false }).objectId;
  }

  #members(people: readonly string[], groups: readonly pulumi.Output<string>[]): pulumi.Output<string[]> {
    const nested: pulumi.Output<string[]> = pulumi.all([...groups]);
    return pulumi.all([this.personIds(people), nested]).apply(([ids, groupIds]) => [...ids, ...groupIds]);
  }

  /** An existing group, read so that a wrong id is told in the preview. */
  #find(objectId: string) {
    return getGroupOutput({ objectId, securityEnabled: true }, { parent: this });
  }
}

/** User principal names of everybody whom the teams or the arguments name, each once, in a stable order. */
function wanted({ teams, people = [], userPrincipalName }: TeamsArgs): string[] {
  const names = new Map(
    [...peopleOf(teams), ...people].map(userPrincipalName).map((name) => [name.toLowerCase(), name]),
  );
  return [...names.values()].sort();
}

/** All people with one question to Entra. A missing person fails the preview with the name. */
function lookUp(userPrincipalNames: readonly string[], parent: Teams): pulumi.Output<Record<string, string>> {
  if (userPrincipalNames.length === 0) return pulumi.output<Record<string, string>>({});
  const found = getUsersOutput({ userPrincipalNames: [...userPrincipalNames] }, { parent });
  return found.users.apply((users) =>
    Object.fromEntries(users.map((user) => [user.userPrincipalName.toLowerCase(), user.objectId])),
  );
}

function personId(people: Readonly<Record<string, string>>, userPrincipalName: string): string {
  const id = people[userPrincipalName.toLowerCase()];
  if (id === undefined)
    throw new pulumi.RunError(
      `Entra has no person "${userPrincipalName}". Correct the name in the settings, or create the person.`,
    );
  return id;
}
