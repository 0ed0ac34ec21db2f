import { type Scene, type Settings, userPrincipalName } from "../../model/index.ts";
import { listed, suggestion } from "../../model/settings/suggest.ts";

/** Settings with their scene; in a comparison there are two. */
export interface Known {
  readonly settings: Settings;
  readonly scene: Scene;
}

/** Whom and which tool the options mean, by their ids; undefined for everybody and every tool. */
export interface Chosen {
  readonly people?: readonly string[];
  readonly tools?: readonly string[];
}

/**
 * Looks the options' person and tool up.
 * @param sides the settings that may know them; one is enough
 * @param problems gets a sentence for each that nobody knows
 */
export function chosen(
  sides: readonly Known[],
  { as, tool }: { readonly as?: string; readonly tool?: string },
  problems: string[],
): Chosen {
  const tools = [...new Set(sides.flatMap(({ scene }) => scene.tools.map(({ id }) => id)))];
  const person = as === undefined ? undefined : sides.map((side) => personIn(side, as)).find((id) => id !== undefined);
  if (as !== undefined && person === undefined) {
    const ids = [
      ...new Set(sides.flatMap(({ scene }) => [...scene.people, ...scene.partnerPeople].map(({ id }) => id))),
    ];
    problems.push(`There is nobody called "${as}". ${suggestion(as, ids, "The keys under people are their names.")}`);
  }
  if (tool !== undefined && !tools.includes(tool))
    problems.push(`There is no tool "${tool}". ${suggestion(tool, tools, `The tools are ${listed(tools)}.`)}`);
  return {
    ...(person === undefined ? {} : { people: [person] }),
    ...(tool === undefined ? {} : { tools: [tool] }),
  };
}

/** By key, by partner's name, or by user principal name. */
function personIn({ settings, scene }: Known, name: string): string | undefined {
  const upn = (id: string) => userPrincipalName(settings, id).toLowerCase();
  const known = [...scene.people, ...scene.partnerPeople].find(({ id }) => id === name);
  return known?.id ?? scene.people.find(({ id }) => upn(id) === upn(name))?.id;
}
