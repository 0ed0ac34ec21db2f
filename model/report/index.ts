export type * from "./access-report.ts";
export { type ClosedGroup, type ClosedReason, IN_NO_TEAM } from "./closed.ts";
export type { ReportConditionalAccess, ReportPolicy } from "./conditional-access.ts";
export type { ReportCredentials, ReportSecret } from "./credentials.ts";
export type { PeopleGroup, ReachedRole, ReportPerson } from "./people.ts";
export { accessReport } from "./report.ts";
export type { ReportTeam } from "./teams.ts";
export type { ReportRole, ReportTool } from "./tools.ts";
