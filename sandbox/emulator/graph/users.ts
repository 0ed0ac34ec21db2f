import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Directory, User } from "../directory.ts";
import { guid, mergePatch, readBody } from "./body.ts";
import { deleteUser } from "./cascade.ts";
import { badRequest, duplicateValue, GraphError } from "./errors.ts";
import { READ_USERS, WRITE_USERS } from "./permissions.ts";
import { type Candidates, count, entity, list } from "./query.ts";
import { type GraphRequest, type GraphRoute, NO_CONTENT } from "./request.ts";
import { USER_DEFAULTS, userJson } from "./shapes.ts";
import { findUser, userNamed, userOf } from "./user-lookup.ts";

const text = z.string().nullable().optional();
const passwordProfile = z.strictObject({
  password: z.string().min(8),
  forceChangePasswordNextSignIn: z.boolean().optional(),
  forceChangePasswordNextSignInWithMfa: z.boolean().optional(),
});

const writable = {
  accountEnabled: z.boolean(),
  displayName: z.string().min(1).max(256),
  userPrincipalName: z.string().regex(/^[^@\s]+@[^@\s]+$/, "must have the form name@domain"),
  // Served as the first part of the user principal name; a password is never stored, since nobody types one here.
  mailNickname: z.string().min(1),
  passwordProfile,
  mail: text,
  givenName: text,
  surname: text,
  department: text,
  jobTitle: text,
  country: text,
  companyName: text,
  userType: z.enum(["Member", "Guest"]).optional(),
};
const newUser = z.strictObject(writable);
const userPatch = z.strictObject({ ...writable, id: guid }).partial();

const shape = { set: "users", defaults: USER_DEFAULTS };
const readOne = { anyOf: READ_USERS, self: (request: GraphRequest) => findUser(request)?.id };
const write = { anyOf: WRITE_USERS };

/** All users, or the one whose name a filter asks for. */
const usersOf =
  (data: Directory): Candidates =>
  (filter) => {
    if (filter?.kind !== "compare" || filter.operator !== "eq" || filter.path.join("/") !== "userPrincipalName") {
      return Object.values(data.users).map(userJson);
    }
    const user = typeof filter.value === "string" ? userNamed(data, filter.value) : undefined;
    return user === undefined ? [] : [userJson(user)];
  };

export const userRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path: "/users",
    access: { anyOf: READ_USERS },
    handle: (request) => list(request, shape, usersOf(request.data)),
  },
  {
    method: "GET",
    path: "/users/$count",
    access: { anyOf: READ_USERS },
    handle: (request) => count(request, usersOf(request.data)),
  },
  { method: "POST", path: "/users", access: write, handle: createUser },
  {
    method: "GET",
    path: "/users/:id",
    access: readOne,
    handle: (request) => entity(request, shape, userJson(userOf(request))),
  },
  {
    method: "GET",
    path: "/me",
    access: readOne,
    handle: (request) => {
      if (request.caller.user === undefined) {
        throw new GraphError(400, "BadRequest", "/me request is only valid with delegated authentication flow.");
      }
      return entity(request, shape, userJson(userOf(request)));
    },
  },
  { method: "PATCH", path: "/users/:id", access: write, handle: updateUser },
  {
    method: "DELETE",
    path: "/users/:id",
    access: write,
    handle: (request) => {
      const { id } = userOf(request);
      request.context.store.mutate((data) => deleteUser(data, id));
      return NO_CONTENT;
    },
  },
];

/** https://learn.microsoft.com/graph/api/user-post-users */
function createUser(request: GraphRequest) {
  const { mailNickname, passwordProfile: _password, ...body } = readBody(request.body, newUser, "User");
  const blank: User = {
    id: randomUUID(),
    displayName: "",
    userPrincipalName: "",
    mail: null,
    givenName: null,
    surname: null,
    accountEnabled: true,
    userType: "Member",
    department: null,
    jobTitle: null,
    country: null,
    companyName: null,
    createdDateTime: request.context.now().toISOString(),
  };
  const user = mergePatch(blank, body);
  checkName(request.data, user);
  request.context.store.mutate((data) => {
    data.users[user.id] = user;
  });
  return entity(request, shape, userJson(user), 201);
}

function updateUser(request: GraphRequest) {
  const before = userOf(request);
  const { id, mailNickname, passwordProfile: _password, ...patch } = readBody(request.body, userPatch, "User");
  const after = mergePatch(before, patch);
  checkName(request.data, after);
  request.context.store.mutate((data) => {
    data.users[before.id] = after;
  });
  return NO_CONTENT;
}

function checkName(data: Directory, user: User): void {
  const name = user.userPrincipalName.toLowerCase();
  const domain = name.split("@")[1] ?? "";
  if (!data.domains.some((verified) => verified.toLowerCase() === domain)) {
    throw badRequest(
      "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
    );
  }
  const holder = userNamed(data, name);
  if (holder !== undefined && holder.id !== user.id) throw duplicateValue("userPrincipalName");
}
