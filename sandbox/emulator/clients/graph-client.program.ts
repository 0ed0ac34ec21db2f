import { EnvironmentCredential } from "@azure/identity";
import { BatchRequestContent, BatchResponseContent, Client, PageIterator } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";
import { EnvHttpProxyAgent } from "undici";
import { refusal, runSteps } from "./program.ts";

const ROLE = "c0000000-0000-4000-8000-000000000001";
const client = Client.initWithMiddleware({
  authProvider: new TokenCredentialAuthenticationProvider(new EnvironmentCredential(), {
    scopes: ["https://graph.microsoft.com/.default"],
  }),
  // The client hands its options to fetch; this is how undici's fetch takes the proxy of the environment.
  fetchOptions: { dispatcher: new EnvHttpProxyAgent() } as object,
});

const group = (displayName: string) => ({
  displayName,
  mailEnabled: false,
  mailNickname: displayName,
  securityEnabled: true,
});

await runSteps({
  applications: async () => {
    const application = await client.api("/applications").post({
      displayName: "Superset",
      web: { redirectUris: ["https://superset.data.contoso.com/oauth-authorized/azure"] },
      appRoles: [
        {
          id: ROLE,
          allowedMemberTypes: ["User"],
          description: "Everything",
          displayName: "Admin",
          isEnabled: true,
          value: "Admin",
        },
      ],
    });
    const principal = await client.api("/servicePrincipals").post({ appId: application.appId });
    const admins = await client.api("/groups").version("beta").post(group("bi-admins"));
    const assignments = `/servicePrincipals/${principal.id}/appRoleAssignedTo`;
    await client.api(assignments).post({ appRoleId: ROLE, principalId: admins.id, resourceId: principal.id });
    const { value } = await client.api(assignments).get();
    await client.api(`/applications/${application.id}`).delete();
    return { value, after: await refusal(client.api(`/applications/${application.id}`).get()) };
  },
  members: async () => {
    const { id } = await client.api("/groups").post(group("analysts"));
    const ana = await client.api("/users/ana.lima@contoso.com").get();
    const reference = { "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${ana.id}` };
    await client.api(`/groups/${id}/members/$ref`).post(reference);
    const again = await refusal(client.api(`/groups/${id}/members/$ref`).post(reference));
    const before = await client.api(`/groups/${id}/members`).select(["id", "displayName"]).get();
    await client.api(`/groups/${id}/members/${ana.id}/$ref`).delete();
    const after = await client.api(`/groups/${id}/members`).get();
    return { again, before: before.value, after: after.value };
  },
  pages: async () => {
    const first = await client.api("/users").top(2).select("userPrincipalName,id").get();
    const names: string[] = [];
    const pages = new PageIterator(client, first, (user: { userPrincipalName: string }) => {
      names.push(user.userPrincipalName);
      return true;
    });
    const size = first.value.length;
    await pages.iterate();
    return { size, names: names.sort() };
  },
  filters: async () => {
    const filter = "userPrincipalName in ('ana.lima@contoso.com','jon.berg@contoso.com')";
    const found = await client.api("/users").filter(filter).get();
    const counted = await client
      .api("/users")
      .header("ConsistencyLevel", "eventual")
      .count(true)
      .filter("not startswith(displayName,'Ana')")
      .get();
    return { found: found.value.length, count: counted["@odata.count"] };
  },
  batch: async () => {
    const request = (path: string) => new Request(`https://graph.microsoft.com${path}`, { method: "GET" });
    const batch = new BatchRequestContent([
      { id: "1", request: request("/users/ana.lima@contoso.com") },
      { id: "2", request: request("/users/nobody@contoso.com") },
    ]);
    const answers = new BatchResponseContent(await client.api("/$batch").post(await batch.getContent()));
    return { person: await answers.getResponseById("1").json(), missing: answers.getResponseById("2").status };
  },
  refusals: async () => ({
    unknown: await refusal(client.api("/security/alerts_v2").get()),
    forbidden: await refusal(client.api("/users/ana.lima@contoso.com").delete()),
  }),
});
