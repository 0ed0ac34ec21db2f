/** The options of Pulumi.yaml's `runtime:` that this language host knows. */
export interface NodeOptions {
  /** Arguments of Node itself, before the program. */
  readonly nodeargs: readonly string[];
  /** Variables that the SDK reads the other options from. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Reads `runtime.options`, as the official language host does: TypeScript is compiled by the SDK unless `typescript: false`.
 * @throws Error with every option that is wrong or that only the official host knows
 */
export function readOptions(options: Readonly<Record<string, unknown>>): NodeOptions {
  const { nodeargs = "", typescript = true, tsconfig = "", packagemanager: _, ...others } = options;
  const problems = [
    ...(typeof nodeargs === "string" ? [] : [`nodeargs: found ${JSON.stringify(nodeargs)}, allowed is a text.`]),
    ...(typeof typescript === "boolean"
      ? []
      : [`typescript: found ${JSON.stringify(typescript)}, allowed is true or false.`]),
    ...(typeof tsconfig === "string" ? [] : [`tsconfig: found ${JSON.stringify(tsconfig)}, allowed is a path.`]),
    ...Object.keys(others).map(
      (name) => `${name}: the sandbox's language host does not know it. Take it out, or install the official one.`,
    ),
  ];
  if (problems.length > 0) throw new Error(["Pulumi.yaml, runtime.options:", ...problems].join("\n  "));
  return {
    nodeargs: shellWords(nodeargs as string),
    variables: {
      ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(tsconfig === "" ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig as string }),
    },
  };
}

/** Words as a shell would read them: quotes hold spaces together. */
function shellWords(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ""),
  );
}
