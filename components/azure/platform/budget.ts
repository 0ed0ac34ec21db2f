import { Budget } from "@pulumi/azure-native/consumption/budget.js";
import * as pulumi from "@pulumi/pulumi";

export interface PlatformBudgetArgs {
  readonly environment: string;
  readonly subscriptionId: string;
  /** What the subscription may cost in a month, in the currency of its bill. */
  readonly amount: number;
  /** Who is told. */
  readonly contacts: readonly string[];
  /** Month in which it begins. @example "2026-12" */
  readonly since: string;
}

/** A monthly budget of the subscription: mails at 80 % of what was spent, and when the forecast goes over. Nothing is switched off. */
export class PlatformBudget extends pulumi.ComponentResource {
  constructor(name: string, args: PlatformBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:Budget", name, {}, opts);
    const told = { contactEmails: [...args.contacts], enabled: true, operator: "GreaterThanOrEqualTo" };
    new Budget(
      name,
      {
        budgetName: `entrada-${args.environment}`,
        scope: `/subscriptions/${args.subscriptionId}`,
        amount: args.amount,
        category: "Cost",
        timeGrain: "Monthly",
        timePeriod: { startDate: `${args.since}-01T00:00:00Z` },
        notifications: {
          spent: { ...told, threshold: 80, thresholdType: "Actual" },
          forecast: { ...told, threshold: 100, thresholdType: "Forecasted" },
        },
      },
      // Azure sets an end ten years ahead.
      { parent: this, ignoreChanges: ["timePeriod.endDate"] },
    );
    this.registerOutputs({});
  }
}
