import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { redisClosed } from "./redis-closed.ts";

const cluster = "azure-native:redisenterprise:RedisEnterprise";
const database = "azure-native:redisenterprise:Database";
const old = "azure-native:redis:Redis";

it.each([
  [cluster, { minimumTlsVersion: "1.2", publicNetworkAccess: "Disabled" }],
  [cluster, { publicNetworkAccess: "Disabled" }],
  [cluster, { minimumTlsVersion: unknownText, publicNetworkAccess: unknownText }],
  [database, { clientProtocol: "Encrypted" }],
  [database, {}],
  [old, { minimumTlsVersion: "1.2", subnetId: unknownText }],
  [old, { minimumTlsVersion: "1.2", enableNonSslPort: false, publicNetworkAccess: "Disabled" }],
])("redis-closed accepts %s %j", (type, props) => {
  expect(messages(redisClosed, { type, props }, { allowKeys: true })).toEqual([]);
});

it.each([
  [cluster, { publicNetworkAccess: "Enabled" }, ['publicNetworkAccess is "Enabled"']],
  [cluster, { minimumTlsVersion: "1.0", publicNetworkAccess: unknownText }, ['minimumTlsVersion is "1.0"']],
  [cluster, {}, ["publicNetworkAccess is not set"]],
  [database, { clientProtocol: "Plaintext" }, ['clientProtocol is "Plaintext"']],
  [old, { enableNonSslPort: true }, ["minimumTlsVersion is not set", "enableNonSslPort is true", "not set (a public"]],
])("redis-closed refuses %s %j", (type, props, wanted) => {
  expect(messages(redisClosed, { type, props }, { allowKeys: true })).toEqual(
    wanted.map((one) => expect.stringContaining(one)),
  );
});

it.each([
  [database, { accessKeysAuthentication: "Disabled" }, 0],
  [database, { accessKeysAuthentication: unknownText }, 0],
  [database, { accessKeysAuthentication: "Enabled" }, 1],
  [database, {}, 1],
  [old, { disableAccessKeyAuthentication: true }, 0],
  [old, { disableAccessKeyAuthentication: false }, 1],
  [old, {}, 1],
])("keys of %s %j", (type, props, count) => {
  const rest = type === old ? { minimumTlsVersion: "1.2", subnetId: "/subnet" } : {};
  const sample = { type, props: { ...rest, ...props } };
  expect(messages(redisClosed, sample)).toHaveLength(count);
  expect(messages(redisClosed, sample, { allowKeys: true })).toEqual([]);
});
