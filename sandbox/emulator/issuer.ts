import { Hono } from "hono";
import { notImplemented } from "./not-implemented.ts";

/** Reads one of the API server's public documents, for example `/openid/v1/jwks`. */
export type ClusterDocument = (path: string) => Promise<{ status: number; body: unknown }>;

const DOCUMENTS = ["/.well-known/openid-configuration", "/openid/v1/jwks"];

/**
 * The public host of a cluster's service-account issuer. It serves the issuer's discovery document and keys below the
 * issuer's own path, by asking the API server each time: a rotated key is seen at once.
 */
export function createIssuerApp(issuer: string, clusterDocument: ClusterDocument): Hono {
  const prefix = new URL(issuer).pathname.replace(/\/$/, "");
  const app = new Hono();
  for (const path of DOCUMENTS)
    app.get(`${prefix}${path}`, async (c) => {
      const { status, body } = await clusterDocument(path).catch(() => ({ status: 0, body: undefined }));
      if (status === 200) return c.json(body as object);
      const message = `The cluster's API server does not serve ${path} (status ${status}).`;
      return c.json({ error: { code: "ClusterUnavailable", message } }, 404);
    });
  app.notFound((c) => notImplemented(c));
  return app;
}
