#!/usr/bin/env node
// The command's entry is JavaScript so that it can register the TypeScript loader before the first module.
import { register } from "tsx/esm/api";

register();
await import("./main.ts");
