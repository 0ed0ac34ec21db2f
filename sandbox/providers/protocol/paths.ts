/** A step into a value: a property's name, a list's index, or `*` for every child. */
export type PathStep = string | number;

/** Writes a path the way the engine does: `web.redirectUris[0]`, `tags["a.b"]`. */
export function formatPath(steps: readonly PathStep[]): string {
  return steps
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** Reads the engine's path syntax, wildcards included (`appRoles[*].description`). */
export function parsePath(path: string): PathStep[] {
  const steps: PathStep[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[(\*)\]|([^.[\]]+)/g)) {
    const [, quoted, index, wildcard, name] = match;
    if (quoted !== undefined) steps.push(JSON.parse(`"${quoted}"`) as string);
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(wildcard ?? name ?? "");
  }
  return steps;
}

/** Whether `path` is the value that `pattern` names, or lies inside it. */
export function liesWithin(path: string, pattern: string): boolean {
  const steps = parsePath(path);
  return parsePath(pattern).every((wanted, index) => {
    const step = steps[index];
    return step !== undefined && (wanted === "*" || String(wanted) === String(step));
  });
}
