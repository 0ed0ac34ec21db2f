// The SDK unpacks every resource of a request anew for each rule. It only reads what it unpacks, so a message is unpacked
// once here and the result kept for as long as the message: 19 stack rules over the sample company take 0.3 s in place of 1.2.
const { createRequire } = require("node:module");

// The copy of the library that the engine's messages are made with.
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const { Struct } = fromPulumi("google-protobuf/google/protobuf/struct_pb.js");

const unpack = Struct.prototype.toJavaScript;
const unpacked = new WeakMap();

Struct.prototype.toJavaScript = function toJavaScript() {
  const known = unpacked.get(this);
  if (known !== undefined) return known;
  const value = unpack.call(this);
  unpacked.set(this, value);
  return value;
};
