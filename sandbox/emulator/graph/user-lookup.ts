import type { Directory, User } from "../directory.ts";
import { notFound } from "./errors.ts";
import { type GraphRequest, param } from "./request.ts";

/** The user of a path `/users/:id…`, by object id or user principal name; `/me…` is the signed-in person. */
export function findUser(request: GraphRequest): User | undefined {
  const key = (request.params.id ?? request.caller.user?.id ?? "").toLowerCase();
  return request.data.users[key] ?? userNamed(request.data, key);
}

export function userOf(request: GraphRequest): User {
  const user = findUser(request);
  if (user === undefined) throw notFound(param(request, "id"));
  return user;
}

/** Object ids by user principal name in lower case, for each directory. */
const names = new WeakMap<Directory, Map<string, string>>();

/**
 * The user with the user principal name, upper or lower case. A preview asks for each person by name, so looking through
 * everyone would take the square of the people. Nobody tells the index of a change: what it gives is compared with the
 * user before it counts, and it is made anew when that fails.
 */
export function userNamed(data: Directory, name: string): User | undefined {
  const key = name.toLowerCase();
  const find = (index: Map<string, string> | undefined) => {
    const user = data.users[index?.get(key) ?? ""];
    return user?.userPrincipalName.toLowerCase() === key ? user : undefined;
  };
  const known = find(names.get(data));
  if (known !== undefined) return known;
  const index = new Map(Object.values(data.users).map((user) => [user.userPrincipalName.toLowerCase(), user.id]));
  names.set(data, index);
  return find(index);
}
