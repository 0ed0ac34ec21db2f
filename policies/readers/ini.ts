/**
 * An INI file as Python's configparser reads it, as far as Airflow's need it: `section.key` → value, names in lower case.
 * Values may go on in indented lines.
 */
export function readIni(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  let section = "";
  let last: string | undefined;
  for (const line of text.split("\n")) {
    if (line.trim() === "" || /^\s*[#;]/.test(line)) continue;
    const header = /^\[([^\]]+)\]\s*$/.exec(line);
    const entry = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line);
    if (header?.[1] !== undefined) {
      section = header[1].toLowerCase();
      last = undefined;
    } else if (/^\s/.test(line) && last !== undefined) {
      settings.set(last, `${settings.get(last) ?? ""}\n${line.trim()}`);
    } else if (entry?.[1] !== undefined) {
      last = `${section}.${entry[1].toLowerCase()}`;
      settings.set(last, (entry[2] ?? "").trim());
    }
  }
  return settings;
}
