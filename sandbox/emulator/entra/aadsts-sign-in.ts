import { type AadstsEntry, entry } from "./aadsts-entry.ts";

/** Errors about the person, the tenant, the application and what the request asks for. */
export const SIGN_IN_ERRORS: Readonly<Record<number, AadstsEntry>> = {
  // The person
  50034: entry(
    "invalid_grant",
    400,
    "The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory.",
    "Sign in as a person of this directory, or invite this one as a guest.",
  ),
  50057: entry(
    "invalid_grant",
    400,
    "The user account is disabled.",
    "Enable the account, or sign in as somebody who still works here.",
  ),
  50058: entry(
    "login_required",
    400,
    "A silent sign-in request was sent but no user is signed in.",
    "Send an interactive sign-in (without prompt=none).",
  ),
  50105: entry(
    "interaction_required",
    400,
    "Your administrator has configured the application {name} ('{client}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '{user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.",
    "Make the person a direct member of a team that holds a role of the tool; nested groups do not count.",
  ),
  65001: entry(
    "consent_required",
    400,
    "The user or administrator has not consented to use the application with ID '{client}' named '{name}'. Send an interactive authorization request for this user and resource.",
    "Grant admin consent for the scopes {scopes} on {resource} (a delegated permission grant).",
  ),

  // The tenant, the application and its redirect URIs
  90002: entry(
    "invalid_request",
    400,
    "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    "Use this directory's tenant id or one of its verified domains in the authority.",
  ),
  900023: entry(
    "invalid_request",
    400,
    "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
    "Use the tenant's GUID or a verified domain in the authority.",
  ),
  50059: entry(
    "invalid_request",
    400,
    "No tenant-identifying information found in either the request or implied by any provided credentials.",
    "Use the tenant's own token endpoint instead of /common or /organizations.",
  ),
  50194: entry(
    "unauthorized_client",
    400,
    "Application '{client}'({name}) is not configured as a multi-tenant application. Usage of the /{tenant} endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
    "Use the tenant's id in the authority instead of /{tenant}.",
  ),
  700016: entry(
    "unauthorized_client",
    400,
    "Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
    "Check the client id and the tenant, and that the application has its service principal.",
  ),
  7000112: entry(
    "unauthorized_client",
    400,
    "Application '{client}'({name}) is disabled.",
    "Enable the enterprise application (accountEnabled).",
  ),
  7000229: entry(
    "unauthorized_client",
    400,
    "The client application {client} is missing service principal in the tenant {tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119",
    "Create the application's service principal.",
  ),
  50011: entry(
    "invalid_client",
    400,
    "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for the application '{client}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error.{details}",
    "Register exactly '{redirect}': scheme, host, port, path case and trailing slash all count.",
  ),
  500113: entry(
    "invalid_client",
    400,
    "No reply address is registered for the application.",
    "Register the tool's redirect URI on the application.",
  ),
  900971: entry("invalid_request", 400, "No reply address provided.", "Send redirect_uri."),
  500112: entry(
    "invalid_client",
    401,
    "The reply address '{redirect}' does not match the reply address '{expected}' provided when requesting Authorization code.",
    "Send the same redirect_uri to the token endpoint as to the authorize endpoint.",
  ),

  // The request
  900144: entry(
    "invalid_request",
    400,
    "The request body must contain the following parameter: '{parameter}'.",
    "Send {parameter}.",
  ),
  90023: entry(
    "invalid_request",
    400,
    "Unsupported '{parameter}' value '{value}'.",
    "Send a value of {parameter} that the OpenID Connect specification knows.",
  ),
  9002313: entry(
    "invalid_request",
    400,
    "Invalid request. Request is malformed or invalid.",
    "Send the parameters as application/x-www-form-urlencoded.",
  ),
  70003: entry(
    "unsupported_grant_type",
    400,
    "The app requested an unsupported grant type '{grant}'.",
    "Use authorization_code, refresh_token, client_credentials or the device code's grant type.",
  ),
  70005: entry(
    "unsupported_response_type",
    400,
    "The response type '{type}' is not supported.",
    "Use response_type=code.",
  ),
  70007: entry(
    "unsupported_response_type",
    400,
    "'{mode}' is not a supported value of 'response_mode' when requesting a token.",
    "Use response_mode=query with response_type=code, or fragment or form_post.",
  ),
  700051: entry(
    "unsupported_response_type",
    400,
    "response_type 'token' is not enabled for the application.",
    "Use the authorization code flow with PKCE instead of the implicit flow.",
  ),
  700054: entry(
    "unsupported_response_type",
    400,
    "response_type 'id_token' is not enabled for the application.",
    "Use response_type=code, or enable ID tokens under implicitGrantSettings.",
  ),
  70011: entry(
    "invalid_scope",
    400,
    "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. {details}",
    "Send a valid scope, for example 'openid profile email'.",
  ),
  28000: entry(
    "invalid_scope",
    400,
    "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scopes} is not valid.",
    "Ask for the scopes of one resource at a time.",
  ),
  1002012: entry(
    "invalid_scope",
    400,
    "The provided value for scope {scopes} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
    "Ask for '<resource>/.default'.",
  ),
  500011: entry(
    "invalid_resource",
    400,
    "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.",
    "Check the resource in the scope, and that its service principal exists.",
  ),
  501051: entry(
    "invalid_grant",
    400,
    "Application '{client}'({name}) is not assigned to a role for the application '{resource}'({resourceName}).",
    "Assign one of the resource's application roles to the client's service principal.",
  ),
  650053: entry(
    "invalid_client",
    400,
    "The application '{name}' asked for scope '{scope}' that doesn't exist on the resource '{resource}'. Contact the app vendor.",
    "Drop '{scope}' from the scopes; group and role claims come from the registration, not from a scope.",
  ),
};
