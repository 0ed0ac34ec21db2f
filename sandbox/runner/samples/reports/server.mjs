// The sample company's reports: a web app of its own behind the identity-aware proxy (docs/tools/custom.md). It signs nobody
// in: the proxy's headers say who is there. Node alone is needed.
import { createServer } from "node:http";

const AUTHOR = "Author";
const reports = ["nightly-sales", "stock", "returns"];

/** Who is there, by what the proxy says. */
function personOf(headers) {
  const one = (name) => headers[`x-forwarded-${name}`] ?? "";
  return {
    user: one("user"),
    email: one("email"),
    preferredUsername: one("preferred-username"),
    groups: one("groups").split(",").filter(Boolean),
  };
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]);

function page(person, title, body) {
  const name = escaped(person.preferredUsername || person.email || person.user);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body>
<h1>${escaped(title)}</h1>
<p id="greeting">Hello ${name}</p>
<p>Your roles: <span id="roles">${escaped(person.groups.join(", "))}</span></p>
${body}
<p><a id="sign-out" href="/oauth2/sign_out">Sign out</a></p>
</body>
</html>
`;
}

/** Status, type and text of the answer. */
function answer({ method, url, headers }) {
  const { pathname } = new URL(url, "http://reports");
  if (pathname === "/health") return [200, "text/plain", "well\n"];
  const person = personOf(headers);
  // The proxy lets nobody pass without these; whoever comes without did not come through it.
  if (!person.user || person.groups.length === 0) return [401, "text/plain", "sign in first\n"];
  const json = (status, value) => [status, "application/json", `${JSON.stringify(value)}\n`];
  if (pathname === "/api/me") return json(200, { ...person, headers });
  if (pathname === "/api/reports" && method === "GET") return json(200, reports);
  if (pathname === "/api/reports" && method === "POST") {
    if (!person.groups.includes(AUTHOR)) return json(403, { error: `only ${AUTHOR} may publish` });
    // The proxy's cookie comes with a foreign page's request, too.
    const same = headers.origin === undefined || headers.origin === `https://${headers.host}`;
    return same ? json(201, { published: true }) : json(403, { error: "from another site" });
  }
  if (method !== "GET") return json(405, { error: "only GET" });
  if (pathname === "/") {
    const links = reports.map((id) => `<li><a href="/reports/${id}">${id}</a></li>`).join("");
    return [200, "text/html; charset=utf-8", page(person, "Reports", `<ul>${links}</ul>`)];
  }
  const [, id] = /^\/reports\/([^/]+)$/.exec(pathname) ?? [];
  if (id !== undefined)
    return [
      200,
      "text/html; charset=utf-8",
      page(person, `Report ${decode(id)}`, '<p><a href="/">All reports</a></p>'),
    ];
  return json(404, { error: "no such page" });
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const server = createServer((request, response) => {
  const [status, type, text] = answer(request);
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(text);
});
server.listen(Number(process.env.PORT ?? 8080), "0.0.0.0", () => console.log(`listening on ${server.address().port}`));
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
