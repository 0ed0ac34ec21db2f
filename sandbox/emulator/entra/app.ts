import { Hono } from "hono";
import type { EmulatorContext } from "../context.ts";
import { notImplemented } from "../not-implemented.ts";
import { authorizeEndpoint } from "./authorize.ts";
import { DEVICE_PAGE, deviceCodeEndpoint } from "./device-endpoint.ts";
import { devicePage } from "./device-page.ts";
import { discoveryV1, discoveryV2, instanceDiscovery, keySet } from "./discovery.ts";
import type { SigningKeys } from "./keys.ts";
import { logoutEndpoint } from "./logout.ts";
import { entraState } from "./state.ts";
import { tokenEndpoint } from "./token.ts";

/** The host login.microsoftonline.com. */
export function createEntraApp(context: EmulatorContext, keys: SigningKeys): Hono {
  const state = entraState(context, keys);
  const app = new Hono();
  app.get("/common/discovery/instance", instanceDiscovery(state));
  app.get("/:tenant/v2.0/.well-known/openid-configuration", discoveryV2(state));
  app.get("/:tenant/.well-known/openid-configuration", discoveryV1(state));
  app.get("/:tenant/discovery/v2.0/keys", keySet(state));
  app.get("/:tenant/discovery/keys", keySet(state));
  app.on(["GET", "POST"], "/:tenant/oauth2/v2.0/authorize", authorizeEndpoint(state));
  app.on(["GET", "POST"], "/:tenant/oauth2/v2.0/logout", logoutEndpoint(state));
  app.post("/:tenant/oauth2/v2.0/devicecode", deviceCodeEndpoint(state));
  app.on(["GET", "POST"], DEVICE_PAGE, devicePage(state));
  const token = tokenEndpoint(state);
  // A single-page application's script redeems its code from its own origin; what it may do is decided by the grant.
  app.options("/:tenant/oauth2/v2.0/token", (c) => {
    c.header("Access-Control-Allow-Origin", "*");
    c.header("Access-Control-Allow-Methods", "POST, OPTIONS");
    c.header("Access-Control-Allow-Headers", c.req.header("access-control-request-headers") ?? "content-type");
    return c.body(null, 204);
  });
  app.post("/:tenant/oauth2/v2.0/token", async (c) => {
    if (c.req.header("origin") !== undefined) c.header("Access-Control-Allow-Origin", "*");
    return token(c);
  });
  app.notFound((c) => notImplemented(c));
  return app;
}
