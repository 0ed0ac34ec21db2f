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
    const label = html`<label for="${id}"><strong>${name}</strong>: ${about}</label>`;
    if (words === undefined)
      return html`<p>${label}<input id="${id}" name="${name}" value="${value}" placeholder="${placeholder(name, home)}" aria-describedby="${id}-allowed"><small id="${id}-allowed">${allowed}</small></p>`;
    const options = words.map((word) =>
      word === value
        ? html`<option value="${word}" selected>${word}</option>`
        : html`<option value="${word}">${word}</option>`,
    );
    return html`<p>${label}<select id="${id}" name="${name}"><option value="">as usual</option>${options}</select></p>`;
  });
  return html`<details><summary>Conditions of this sign-in</summary><fieldset><legend>What Conditional Access sees</legend>${fields}</fieldset></details>`;
}

function placeholder(name: ConditionName, home: Home): string {
  if (name === "country") return home.country ?? "unknown";
  return name === "ip" ? home.ipAddress : "";
}
