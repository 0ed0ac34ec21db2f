import { type StackSubject, stackRule } from "../core/rule.ts";
import { elements, known, text } from "../core/values.ts";

const zone = "azure-native:dns:Zone";
const record = "azure-native:dns:RecordSet";

function isOf(set: StackSubject, owner: StackSubject): boolean {
  if (set.dependenciesOf("zoneName").includes(owner.urn)) return true;
  const written = text(set.props, "zoneName");
  return written !== undefined && [text(owner.props, "zoneName"), text(owner.props, "name")].includes(written);
}

function namesAuthorities({ props }: StackSubject): boolean {
  const records = known(props, "caaRecords");
  return (
    text(props, "recordType")?.toUpperCase() === "CAA" &&
    (records.kind === "unknown" || elements(props, "caaRecords").length > 0)
  );
}

/** Only the certificate authorities that the company uses make certificates for its names. */
export const dnsCaa = stackRule(
  {
    name: "dns-caa",
    title: "Zones name their certificate authorities",
    what: "A public DNS zone of the stack has a CAA record.",
    why: "Without one every authority in the world may make a certificate for the tools' names, and one that is fooled once is enough to play the company's sign-in.",
    fix: 'Add a dns.RecordSet with recordType "CAA" at "@" whose caaRecords name the authority, with the tag "issue".',
    severity: "low",
    url: "https://learn.microsoft.com/azure/dns/dns-zones-records#caa-records",
  },
  {
    types: [zone, record],
    check(resources, report) {
      const records = resources.filter((one) => one.type === record && namesAuthorities(one));
      for (const one of resources.filter(({ type }) => type === zone)) {
        if (text(one.props, "zoneType") === "Private" || records.some((caa) => isOf(caa, one))) continue;
        report(one, {
          at: "zoneName",
          found: "without a CAA record",
          wanted: "one that names the certificate authority",
        });
      }
    },
  },
);
