// npm links the commands of dependencies but not a package's own: this makes `npx entrada` work inside the checkout.
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = join(root, "node_modules", ".bin");
mkdirSync(bin, { recursive: true });
const link = join(bin, "entrada");
rmSync(link, { force: true });
symlinkSync(join("..", "..", "cli", "entrada.js"), link);
