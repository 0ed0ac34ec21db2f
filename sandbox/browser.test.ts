import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareBrowser } from "./browser.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-browser-test-"));
  mkdirSync(join(folder, "bin"));
  for (const name of ["chromium", "certutil"]) {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\necho "$@" >> "${folder}/${name}.log"\n`, { mode: 0o755 });
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const prepare = () =>
  prepareBrowser({
    proxy: "http://127.0.0.1:3128",
    caFile: "/ca.crt",
    home: join(folder, "home"),
    env: { PATH: `${join(folder, "bin")}:/bin`, https_proxy: "http://elsewhere", NO_PROXY: "*", DISPLAY: ":0" },
  });
const certutil = () => readFileSync(join(folder, "certutil.log"), "utf8").trim().split("\n");

test("Chromium goes through the sandbox's proxy, with a home of its own and no other proxy", async () => {
  const { executable, args, env } = await prepare();
  expect(executable).toBe(join(folder, "bin", "chromium"));
  expect(args).toContain("--proxy-server=http://127.0.0.1:3128");
  expect(env).toMatchObject({ HOME: join(folder, "home"), DISPLAY: ":0" });
  expect(Object.keys(env).filter((name) => /proxy/i.test(name))).toEqual([]);
});

test("the authority is in the browser's own store, once, whichever sandbox's it was before", async () => {
  await prepare();
  const store = `sql:${join(folder, "home", ".pki", "nssdb")}`;
  const add = `-A -d ${store} -t C,, -n Entrada sandbox -i /ca.crt`;
  expect(existsSync(join(folder, "home", ".pki", "nssdb"))).toBe(true);
  expect(certutil()).toEqual([`-N -d ${store} --empty-password`, add]);
  await prepare();
  expect(certutil().slice(2)).toEqual([`-D -d ${store} -n Entrada sandbox`, add]);
});
