// The SDK unpacks every resource of a request anew for each rule. It only reads what it unpacks, and so do rules, so a message is unpacked
// once here and the result kept for as long as the message: 19 stack rules over the sample company take 0.3 s in place of 1.2.
const { createRequire } = require("node:module");
const deserialize = require("@pulumi/policy/deserialize.js");

// The copy of the library that the engine's messages are made with.
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const { Struct } = fromPulumi("google-protobuf/google/protobuf/struct_pb.js");

Struct.prototype.toJavaScript = once(Struct.prototype.toJavaScript);

// The same with secrets and assets put right. Where secrets stay marked (remediations, which may change what they get) each asks for its own.
const plain = once(function plain() {
  return properties(this, false);
});
const properties = deserialize.deserializeProperties;
deserialize.deserializeProperties = (message, keepSecrets) =>
  keepSecrets ? properties(message, keepSecrets) : plain.call(message);

/** A method without arguments whose answer is kept for each object. */
function once(method) {
  const answers = new WeakMap();
  return function answerOnce() {
    const known = answers.get(this);
    if (known !== undefined) return known;
    const answer = method.call(this);
    answers.set(this, answer);
    return answer;
  };
}
