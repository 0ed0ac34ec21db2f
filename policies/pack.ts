import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { TIMES_FILE, timed } from "./core/timing.ts";
import { ledger } from "./exceptions/ledger.ts";
import { exceptionPolicies } from "./exceptions/policies.ts";
import { EXCEPTIONS_FILE, readExceptions } from "./exceptions/read.ts";
import { rules } from "./rules.ts";

// The engine starts packs in their own folder.
const { exceptions, problems } = readExceptions(
  join(process.cwd(), EXCEPTIONS_FILE),
  rules.map(({ text }) => text),
);
ledger.open(exceptions, problems);

const policies = [...rules.map((rule) => rule.policy), ...exceptionPolicies];
const times = process.env[TIMES_FILE];

// The constructor starts the pack's server, so only main.cjs loads this file; everything else uses rules.ts.
new PolicyPack("entrada", {
  displayName: "Entrada",
  description:
    "Entra ID sign-in for data tools: identity, vault and workload rules that stop an unsafe stack before it exists.",
  enforcementLevel: "mandatory",
  policies: times ? timed(policies, times) : policies,
});
