// The SDK comes first: once tsx is registered it looks into each of the SDK's 800 files, which doubles the start-up time.
require("@pulumi/policy");
require("./unpack-once.cjs");
require("tsx/cjs");
require("./pack.ts");
