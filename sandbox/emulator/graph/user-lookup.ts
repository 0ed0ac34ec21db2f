import type { User } from "../directory.ts";
import { notFound } from "./errors.ts";
import { type GraphRequest, param } from "./request.ts";

/** The user of a path `/users/:id…`, by object id or user principal name; `/me…` is the signed-in person. */
export function findUser(request: GraphRequest): User | undefined {
  const key = (request.params.id ?? request.caller.user?.id ?? "").toLowerCase();
  return (
    request.data.users[key] ??
    Object.values(request.data.users).find((user) => user.userPrincipalName.toLowerCase() === key)
  );
}

export function userOf(request: GraphRequest): User {
  const user = findUser(request);
  if (user === undefined) throw notFound(param(request, "id"));
  return user;
}
