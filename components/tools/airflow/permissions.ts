import { z } from "zod";
import { described } from "../../../model/settings/index.ts";

/** What a role may do, in Airflow's words (airflow.providers.fab.www.security.permissions of the FAB provider 3.10). */
export const ACTIONS = ["can_read", "can_create", "can_edit", "can_delete", "menu_access"] as const;

/** Resources that a declared role may name. */
const RESOURCES = [
  "All Import Errors",
  "Asset Aliases",
  "Assets",
  "Audit Logs",
  "Backfills",
  "Browse",
  "Cluster Activity",
  "DAG Code",
  "DAG Dependencies",
  "DAG Runs",
  "DAG Versions",
  "DAG Warnings",
  "DAGs",
  "Docs",
  "Documentation",
  "HITL Detail",
  "ImportError",
  "Jobs",
  "Plugins",
  "Pools",
  "Providers",
  "Task Instances",
  "Task Logs",
  "Triggers",
  "Variables",
  "Website",
  "XComs",
] as const;

/**
 * Resources that a declared role never has: they change other people's rights, hold credentials or show Airflow's own
 * configuration. That is what Admin and Op are for.
 */
export const GUARDED_RESOURCES: readonly string[] = [
  "Actions",
  "Admin",
  "Configurations",
  "Connections",
  "List Roles",
  "List Users",
  "Passwords",
  "Permission Pairs",
  "Permission Views",
  "Permissions",
  "Resources",
  "Roles",
  "Security",
  "Users",
  "View Menus",
];

const ONE_DAG = /^DAG(?: Run)?:[\w.-]{1,200}$/;

/** A resource of Airflow, or one DAG. Guarded ones pass here, so that the contract's check can say why they are refused. */
export const permissionResource = described(
  z.string().refine((name) => [...RESOURCES, ...GUARDED_RESOURCES].includes(name) || ONE_DAG.test(name), {
    error: "Airflow has no such resource.",
  }),
  {
    description: "A resource in Airflow's words.",
    allowed: `one of ${RESOURCES.join(", ")}, or DAG:<dag id> for one DAG`,
    example: "DAG Runs",
  },
);
