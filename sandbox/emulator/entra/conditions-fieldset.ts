import { html } from "hono/html";
import {
  CONDITION_NAMES,
  CONDITIONS,
  type ConditionName,
  type Home,
} from "../../../model/conditional-access/played.ts";
import type { Markup } from "../page.ts";
import type { Surroundings } from "./played-form.ts";

/**
 * The part of the sign-in page where somebody plays another place, device or risk. It is folded up: whoever changes nothing
 * signs in from home, on an unmanaged device, with the browser that shows the page.
 * @param played what was chosen before, in this browser's last sign-in
 */
export function conditionsFieldset(home: Home, played: Surroundings): Markup {
  const chosen: Partial<Record<ConditionName, string>> = played;
  const fields = CONDITION_NAMES.map((name) => {
    const { about, words, allowed } = CONDITIONS[name];
    const id = `condition-${name}`;
    const value = chosen[name] ?? "";
    const control =
      words === undefined
        ? html`<input id="${id}" name="${name}" value="${value}" placeholder="${placeholder(name, home)}" aria-describedby="${id}-allowed">`
        : html`<select id="${id}" name="${name}" aria-describedby="${id}-allowed"><option value="">as usual</option>${words.map(
            (word) =>
              word === value
                ? html`<option value="${word}" selected>${word}</option>`
                : html`<option value="${word}">${word}</option>`,
          )}</select>`;
    return html`<p><label for="${id}"><strong>${name}</strong>: ${about}</label>${control}<small id="${id}-allowed">${allowed}</small></p>`;
  });
  return html`<details><summary>Conditions of this sign-in</summary><fieldset><legend>What Conditional Access sees</legend>${fields}</fieldset></details>`;
}

function placeholder(name: ConditionName, home: Home): string {
  if (name === "country") return home.country ?? "unknown";
  return name === "ip" ? home.ipAddress : "";
}
