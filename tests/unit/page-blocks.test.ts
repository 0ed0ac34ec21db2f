import { describe, expect, it } from "vitest";
import { blocks } from "../sandbox/page-blocks.ts";

const page = `
\`\`\`ts file=a/b.ts
one();
\`\`\`
\`\`\`ts
only to read
\`\`\`
\`\`\`ts append=c.ts
two();
\`\`\`
\`\`\`yaml below="  key:" file=d.yaml
    inner: 1
\`\`\`
`;

describe("blocks", () => {
  it("are those whose first line names a file, with what is to be done", () => {
    expect(blocks(page)).toEqual([
      { file: "a/b.ts", how: { kind: "write" }, text: "one();\n" },
      { file: "c.ts", how: { kind: "append" }, text: "two();\n" },
      { file: "d.yaml", how: { kind: "below", line: "  key:" }, text: "    inner: 1\n" },
    ]);
  });
});
