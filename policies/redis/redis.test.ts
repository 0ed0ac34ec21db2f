import { expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import { messages } from "../testing/harness.ts";
import { redisClosed } from "./redis-closed.ts";
import { redisNoKeys } from "./redis-no-keys.ts";

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
  expect(messages(redisClosed, { type, props })).toEqual([]);
});

it.each([
  [cluster, { publicNetworkAccess: "Enabled" }, ['publicNetworkAccess is "Enabled"']],
  [cluster, { minimumTlsVersion: "1.0", publicNetworkAccess: unknownText }, ['minimumTlsVersion is "1.0"']],
  [cluster, {}, ["publicNetworkAccess is not set"]],
  [database, { clientProtocol: "Plaintext" }, ['clientProtocol is "Plaintext"']],
  [old, { enableNonSslPort: true }, ["minimumTlsVersion is not set", "enableNonSslPort is true", "not set (a public"]],
])("redis-closed refuses %s %j", (type, props, wanted) => {
  expect(messages(redisClosed, { type, props })).toEqual(wanted.map((one) => expect.stringContaining(one)));
});

it.each([
  [database, { accessKeysAuthentication: "Disabled" }, 0],
  [database, { accessKeysAuthentication: unknownText }, 0],
  [database, { accessKeysAuthentication: "Enabled" }, 1],
  [database, {}, 1],
  [old, { disableAccessKeyAuthentication: true }, 0],
  [old, { disableAccessKeyAuthentication: false }, 1],
  [old, {}, 1],
])("redis-no-keys looks at %s %j", (type, props, count) => {
  expect(messages(redisNoKeys, { type, props })).toHaveLength(count);
});
