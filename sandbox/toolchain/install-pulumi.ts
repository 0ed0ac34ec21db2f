/**
 * Installs the Pulumi CLI below `root` with Pulumi's own installer, in the version of the SDK in package.json (which a test
 * holds equal to the one that `toolchain/pulumi/go.mod` pins).
 */
export async function installPulumi(root: string): Promise<void> {
  // Loaded only when needed: it takes half a second.
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  await PulumiCommand.install({ root });
}
