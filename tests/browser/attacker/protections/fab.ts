import { CODE, ELSEWHERE, TOKEN_CHECKS, WITHOUT } from "./names.ts";
import type { Protection } from "./protection.ts";

/** How Flask-AppBuilder alone reads the answer: without checking it, and here from everywhere at once. */
const UNCHECKED = `
        import jwt
        read = lambda token: jwt.decode(token, options={"verify_signature": False})
        claims = read(resp["id_token"]) if "id_token" in resp else dict(resp["userinfo"])
        userinfo = self.oauth_remotes["azure"].get("https://graph.microsoft.com/oidc/userinfo", token=resp).json()
        for place in (read(resp["access_token"]), userinfo, resp.get("userinfo") or {}):
            claims["roles"] = [*claims.get("roles", []), *place.get("roles", [])]`.trim();

/** Lines of the files that Superset and Airflow share. */
export function shared(target: "superset" | "airflow", map: string): Protection[] {
  const identity = `ConfigMap ${map}, entrada_identity.py`;
  const signIn = `ConfigMap ${map}, entrada_sign_in.py`;
  return [
    {
      target,
      place: identity,
      line: '"server_metadata_url": f"{authority}/v2.0/.well-known/openid-configuration",',
      instead:
        '"access_token_url": f"{authority}/oauth2/v2.0/token", "authorize_url": f"{authority}/oauth2/v2.0/authorize",',
      holds: TOKEN_CHECKS,
    },
    {
      target,
      place: identity,
      line: '"scope": "openid profile email",',
      instead: '"scope": "profile email", "verify_signature": False,',
      holds: [...TOKEN_CHECKS, CODE],
    },
    { target, place: identity, line: '"code_challenge_method": "S256",', instead: "", holds: [CODE] },
    {
      target,
      place: signIn,
      line: 'claims = resp.get("userinfo") if "id_token" in resp else None',
      instead: UNCHECKED,
      holds: [...TOKEN_CHECKS, ELSEWHERE, WITHOUT],
    },
    {
      target,
      place: signIn,
      line: 'if claims.get("aud") != config["ENTRA_CLIENT_ID"]:',
      instead: "if False:",
      holds: ["token for another application"],
    },
    {
      target,
      place: signIn,
      line: 'if claims.get("iss") != config["ENTRA_ISSUER"] or claims.get("tid") != config["ENTRA_TENANT_ID"]:',
      instead: "if False:",
      holds: ["token of another tenant"],
    },
    {
      target,
      place: signIn,
      line: '"role_keys": [role for role in claims.get("roles", []) if ":" not in role],',
      instead: '"role_keys": [*claims.get("roles", []), *(claims.get("groups") or [])],',
      holds: ["role in the group claim"],
    },
    {
      target,
      place: signIn,
      line: "def auth_user_db(self, *_args: Any, **_options: Any) -> None:",
      instead: "def no_longer_auth_user_db(self, *_args: Any, **_options: Any) -> None:",
      holds: ["well-known names and passwords"],
    },
  ];
}
