/** Resource types that rules of Conditional Access look at. */
export const policyType = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";
export const locationType = "azuread:index/namedLocation:NamedLocation";
export const strengthType = "azuread:index/authenticationStrengthPolicy:AuthenticationStrengthPolicy";
export const applicationType = "azuread:index/application:Application";
export const principalType = "azuread:index/servicePrincipal:ServicePrincipal";
export const userType = "azuread:index/user:User";
export const groupTypes = ["azuread:index/group:Group", "azuread:index/groupWithoutMembers:GroupWithoutMembers"];
export const groupMemberType = "azuread:index/groupMember:GroupMember";

/** Microsoft's page on what each condition and control means. */
export const conceptsUrl =
  "https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-policies";
