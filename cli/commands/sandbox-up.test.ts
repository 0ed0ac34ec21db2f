import { expect, it } from "vitest";
import { loadSettings, stackFile } from "../project.ts";
import { signInCommand } from "./sandbox-up.ts";

it("proposes to sign in as somebody who has a role, as the settings know them", () => {
  expect(signInCommand(loadSettings(stackFile("sandbox")))).toBe("npx entrada sign-in airflow --as ana.lima");
});

it("finds somebody where the people stand in the teams alone, and names the stack", () => {
  expect(signInCommand(loadSettings(stackFile("prod")))).toBe(
    "npx entrada sign-in superset --as ana.lima --stack prod",
  );
});

it("proposes nobody where nobody is known", () => {
  const settings = loadSettings(stackFile("prod"));
  expect(signInCommand({ ...settings, tools: {} })).toBeUndefined();
});
