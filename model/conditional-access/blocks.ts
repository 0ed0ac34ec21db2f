/** One sign-in of a table: who, where to, under which condition of the grid. */
export interface Cell {
  readonly person: string;
  readonly tool: string;
  readonly condition: string;
}

/** A rectangle of sign-ins: each of these people in each of these tools under each of these conditions. */
export interface Block {
  readonly people: readonly string[];
  readonly tools: readonly string[];
  readonly conditions: readonly string[];
}

/** Puts cells together into few blocks that cover exactly them; people, tools and conditions keep their order. */
export function blocksOf(cells: readonly Cell[]): Block[] {
  const pairs = groupsBy(cells, ({ person, tool }) => JSON.stringify([person, tool])).map((same) => ({
    ...headOf(same),
    conditions: same.map(({ condition }) => condition),
  }));
  const people = groupsBy(pairs, ({ person, conditions }) => JSON.stringify([person, conditions])).map((same) => ({
    ...headOf(same),
    tools: same.map(({ tool }) => tool),
  }));
  return groupsBy(people, ({ tools, conditions }) => JSON.stringify([tools, conditions])).map((same) => {
    const { tools, conditions } = headOf(same);
    return { people: same.map(({ person }) => person), tools, conditions };
  });
}

/** A block for readers, who need not know which tools each person has. */
export interface WideBlock extends Block {
  /** Whether each of the people is meant with every tool that they have; `tools` are then all of these together. */
  readonly everyTool: boolean;
}

/**
 * Joins blocks that are the same for readers: people with all their tools stand together, whichever these are.
 * @param access person → the tools that were asked about
 */
export function widened(blocks: readonly Block[], access: ReadonlyMap<string, readonly string[]>): WideBlock[] {
  const rows = blocks.flatMap(({ people, tools, conditions }) =>
    people.map((person) => ({ person, tools, conditions, everyTool: access.get(person)?.length === tools.length })),
  );
  const keyOf = ({ tools, conditions, everyTool }: (typeof rows)[number]) =>
    JSON.stringify([everyTool ? "every tool" : tools, conditions]);
  return groupsBy(rows, keyOf).map((same) => ({
    people: same.map(({ person }) => person),
    tools: [...new Set(same.flatMap(({ tools }) => tools))],
    conditions: headOf(same).conditions,
    everyTool: headOf(same).everyTool,
  }));
}

/** Items with the same key, groups and items in the order in which they come. */
export function groupsBy<T>(items: readonly T[], keyOf: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function headOf<T>([first]: [T, ...T[]]): T {
  return first;
}
