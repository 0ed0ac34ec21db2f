// The rooms' imports point one way (docs/architecture.md): infra → components → model, policies → model,
// sandbox → model, cli → all. Tests lie beside their code and may reach what their room may reach.
const room = (name) => `^${name}/`;
const forbid = (name, from, to, comment) => ({ name, severity: "error", comment, from, to });

module.exports = {
  forbidden: [
    forbid(
      "model-is-plain",
      { path: room("model") },
      { path: "^(infra|components|policies|sandbox|cli|tests)/" },
      "the model imports no other room",
    ),
    forbid(
      "model-without-pulumi",
      { path: room("model") },
      { path: "node_modules/@pulumi" },
      "the model is plain TypeScript",
    ),
    forbid(
      "components-know-only-the-model",
      { path: room("components") },
      { path: "^(infra|policies|sandbox|cli|tests)/" },
      "the program does not know whether Azure is Microsoft's or this machine's",
    ),
    forbid(
      "infra-composes-components",
      { path: room("infra") },
      { path: "^(policies|sandbox|cli|tests)/" },
      "the program reaches components and the model only",
    ),
    forbid(
      "policies-know-only-the-model",
      { path: room("policies") },
      { path: "^(infra|components|sandbox|cli|tests)/" },
      "the pack is usable without the program",
    ),
    forbid(
      "sandbox-knows-only-the-model",
      { path: room("sandbox") },
      { path: "^(infra|components|policies|cli|tests)/" },
      "the sandbox stands in for Azure, not for the program",
    ),
    forbid(
      "rooms-do-not-import-the-cli",
      { path: "^(infra|components|model|policies|sandbox)/" },
      { path: "^(cli|ci|tests)/" },
      "the command line is the outermost room",
    ),
    forbid(
      "the-workflows-steps-come-last",
      { path: room("cli") },
      { path: room("ci") },
      "the steps of the workflows call the command line, never the other way round",
    ),
    forbid(
      "pins-know-no-room",
      { path: room("toolchain") },
      { path: "^(infra|components|model|policies|sandbox|cli|tests)/" },
      "what toolchain/ pins serves the sandbox and the tests of every room",
    ),
    forbid(
      "pins-are-not-deployed",
      { path: "^(infra|components|model|policies)/", pathNot: "[.]test[.]ts$|/testing/|/tests/" },
      { path: room("toolchain") },
      "the program does not know how this machine gets a tool's packages",
    ),
    forbid("no-circles", {}, { circular: true }, "a circle means that two files share a wall"),
    forbid(
      "azure-native-by-module",
      { path: "^(infra|components)/" },
      { path: "node_modules/@pulumi/azure-native/index" },
      "the root import costs 0.3 s and half the compiler's memory: import the resource's own module",
    ),
    forbid(
      "no-dev-parts-in-production",
      { path: "^(infra|components|model|policies)/", pathNot: "[.]test[.]ts$|/testing/" },
      { dependencyTypes: ["npm-dev"] },
      "what only the sandbox and the tests need is a devDependency",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".js", ".json"],
    },
  },
};
