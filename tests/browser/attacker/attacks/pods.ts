import { ending } from "../targets.ts";
import { ALL, type Attack, signIn } from "./attack.ts";

/** Another pod of the cluster signs people in to this tool. */
export const PODS: readonly Attack[] = [
  {
    name: "another pod's token",
    targets: ALL,
    refusal: "AADSTS700213",
    run: async (stage) => {
      const assertion = await stage.otherPodToken();
      const tokenRequest = (form: URLSearchParams) => form.set("client_assertion", assertion);
      const { who, answers } = await signIn(stage, { tokenRequest }, ["tokenRequest"]);
      return {
        got: who !== undefined,
        how: `${stage.attacker.log.refusals.join()} ${who?.name ?? "nobody"}; ${ending(answers)}`,
      };
    },
  },
];
