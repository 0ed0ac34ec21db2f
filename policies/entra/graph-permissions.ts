/**
 * Application permissions of Microsoft Graph by id, the same in every tenant.
 * https://learn.microsoft.com/graph/permissions-reference
 */
export const graphPermissions: Readonly<Record<string, string>> = {
  "df021288-bdef-4463-88db-98f22de89214": "User.Read.All",
  "98830695-27a2-44f7-8c18-0c3ebc9698f6": "GroupMember.Read.All",
  "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30": "Application.Read.All",
  "5b567255-7703-4780-807c-7be8301ae99b": "Group.Read.All",
  "7ab1d382-f21e-4acd-a863-ba3e13f7da61": "Directory.Read.All",
  "741f803b-c850-494e-b5df-cde7c675a1ca": "User.ReadWrite.All",
  "62a82d76-70ea-41e2-9197-370581804d09": "Group.ReadWrite.All",
  "dbaae8cf-10b5-4b86-a4a1-f871c94c6695": "GroupMember.ReadWrite.All",
  "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9": "Application.ReadWrite.All",
  "18a4783c-866b-4cc7-a460-3d5e5662c884": "Application.ReadWrite.OwnedBy",
  "06b708a9-e830-4db3-a914-8e69da51d44f": "AppRoleAssignment.ReadWrite.All",
  "19dbc75e-c2e2-444c-a770-ec69d8559fc7": "Directory.ReadWrite.All",
  "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8": "RoleManagement.ReadWrite.Directory",
};

/** A permission as people know it. */
export function permissionName(id: string): string {
  return graphPermissions[id.toLowerCase()] ?? id;
}
