import { type StackSubject, stackRule } from "../core/rule.ts";
import { elements, text } from "../core/values.ts";
import { namespaceOf, namespaceType } from "../kubernetes/namespaces.ts";
import { podSpec, workloadTypes } from "../kubernetes/pods.ts";
import { isMetabase } from "./metabase.ts";
import { openMetadataEnvironment, openMetadataFile } from "./openmetadata.ts";
import { configFiles, configMap, processes } from "./settings.ts";

const job = "kubernetes:batch:Job";
/** Domain of the accounts that OpenMetadata is shipped with. Whatever removes them has to name it. */
const shippedDomain = "open-metadata.org";
const encryptionKey = "MB_ENCRYPTION_SECRET_KEY";

/** The ConfigMaps that a workload's pods mount: by name, or by origin while names are not known. */
function mounted(
  workload: StackSubject,
  maps: readonly StackSubject[],
  namespaces: readonly StackSubject[],
): readonly StackSubject[] {
  const pod = podSpec(workload);
  if (pod === undefined) return [];
  const names = elements(pod.value, "volumes").flatMap(({ item }) =>
    item.kind === "value" ? (text(item.value, "configMap.name") ?? []) : [],
  );
  const here = namespaceOf(workload, namespaces);
  const origins = new Set(workload.dependenciesOf("spec"));
  return maps.filter((map) => {
    const name = text(map.props, "metadata.name");
    if (name === undefined) return origins.has(map.urn);
    return names.includes(name) && namespaceOf(map, namespaces) === here;
  });
}

/** Whether some file of these maps has a text in it. A file that is not known yet may have it. */
function mention(maps: readonly StackSubject[], wanted: string): boolean {
  return maps.some(
    (map) =>
      configFiles(map).some(({ text: content }) => content.includes(wanted)) ||
      elements(map.props, "data").some(({ item }) => item.kind === "unknown"),
  );
}

/** Some doors are closed by something that runs or is read beside the tool, so one resource does not tell. */
export const toolsSettled = stackRule(
  {
    name: "tools-settled",
    title: "What tools are shipped open with is closed beside them",
    what: "OpenMetadata has a Job that removes the accounts it is shipped with, and Metabase is given a key that encrypts what it keeps.",
    why: "OpenMetadata makes admin@open-metadata.org, whose password is in its documents, at the first start. Without a key Metabase keeps the warehouses' passwords in plain text, for whoever reads its database or a backup of it, and cannot sign people in with Entra.",
    fix: "Use the components of components/tools: their Jobs and start scripts do it.",
    severity: "critical",
    url: "https://www.metabase.com/docs/latest/databases/encrypting-details-at-rest",
  },
  {
    types: [namespaceType, configMap, ...workloadTypes],
    check(resources, report) {
      const namespaces = resources.filter(({ type }) => type === namespaceType);
      const maps = resources.filter(({ type }) => type === configMap);
      const workloads = resources.filter(({ type }) => workloadTypes.includes(type));
      const jobs = workloads.filter(({ type }) => type === job);
      for (const workload of workloads) {
        const files = mounted(workload, maps, namespaces);
        for (const process of processes(workload).filter(isMetabase)) {
          if (process.env.has(encryptionKey) || mention(files, encryptionKey)) continue;
          const found = `without ${encryptionKey}`;
          report(workload, {
            at: process.path,
            found,
            wanted: `${encryptionKey}, put there from the vault at the start`,
          });
        }
        const runsOpenMetadata =
          workload.type !== job &&
          (processes(workload).some((one) => openMetadataEnvironment(one)) ||
            files.flatMap(configFiles).some((file) => openMetadataFile(file)));
        if (!runsOpenMetadata) continue;
        const here = namespaceOf(workload, namespaces);
        const closes = jobs.some(
          (one) => namespaceOf(one, namespaces) === here && mention(mounted(one, maps, namespaces), shippedDomain),
        );
        if (closes) continue;
        const found = `with no Job that names ${shippedDomain}`;
        report(workload, { at: "spec", found, wanted: "a Job of the namespace that removes the shipped accounts" });
      }
    },
  },
);
