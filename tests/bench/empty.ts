import { Resource } from "../plain-resources.ts";

/** The smallest program that registers anything: what Node, the loader and Pulumi's own library cost by themselves. */
export default async function program(): Promise<void> {
  new Resource("bench:index:Nothing", "nothing", {});
}
