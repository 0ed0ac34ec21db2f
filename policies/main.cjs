// The libraries come first: once tsx is registered it looks into each of their 900 files, which doubles the start-up time.
require("@pulumi/policy");
require("yaml");
require("./unpack-once.cjs");
require("tsx/cjs");
require("./pack.ts");
