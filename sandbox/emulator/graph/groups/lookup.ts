import type { Group } from "../../directory.ts";
import { notFound } from "../errors.ts";
import { objectId } from "../references.ts";
import { type GraphRequest, param } from "../request.ts";

/** The group of a path `/groups/:id…`. */
export function groupOf(request: GraphRequest): Group {
  const id = objectId(param(request, "id"));
  const group = request.data.groups[id];
  if (group === undefined) throw notFound(id);
  return group;
}
