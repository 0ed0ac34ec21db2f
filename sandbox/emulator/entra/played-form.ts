import {
  CONDITION_NAMES,
  type ConditionName,
  type PlayedConditions,
  readConditions,
} from "../../../model/conditional-access/played.ts";

/** Name of the form field that says who signs in: a user principal name, a guest's mail or an object id. */
export const PERSON_FIELD = "username";

/** What the sign-in page, or a script in its place, posts to the authorize endpoint. */
export interface SignInForm {
  /** Null where nobody was picked. */
  readonly person: string | null;
  readonly played: PlayedConditions;
  /** One sentence per condition that is wrong. */
  readonly problems: readonly string[];
  /** The request's own parameters, which a client may post instead of putting them into the query. */
  readonly parameters: readonly [string, string][];
}

/** Takes a form apart. An empty field is one that nobody filled in. */
export function readSignInForm(form: URLSearchParams): SignInForm {
  const fields = [...form].filter(([, value]) => value !== "");
  const isCondition = (name: string) => (CONDITION_NAMES as readonly string[]).includes(name);
  const pairs = fields.filter(([name]) => isCondition(name)).map(([name, value]) => `${name}=${value.trim()}`);
  const { conditions, problems } = readConditions(pairs);
  return {
    // A button of the list comes after the page's text field, and means more than what stands in that.
    person: fields.findLast(([name]) => name === PERSON_FIELD)?.[1] ?? null,
    played: conditions,
    problems,
    parameters: [...form].filter(([name]) => name !== PERSON_FIELD && !isCondition(name)),
  };
}

/** Conditions besides the method, which is not a place or a device but an answer. */
export type Surroundings = Partial<Record<Exclude<ConditionName, "mfa">, string>>;

export function surroundings({ mfa: _, ...others }: PlayedConditions): Surroundings {
  return others;
}

/** In the order in which they are looked for: Android says that it is a Linux, too. */
const PLATFORMS: readonly (readonly [RegExp, string])[] = [
  [/Windows Phone/i, "windows-phone"],
  [/Android/i, "android"],
  [/iPhone|iPad|iPod/i, "ios"],
  [/Windows/i, "windows"],
  [/Macintosh|Mac OS X/i, "macos"],
  [/Linux|X11/i, "linux"],
];

/**
 * The platform as Entra tells it, by the browser's User-Agent; a program that names none counts as Windows here, so that it
 * can sign in without playing a browser.
 */
export function platformOf(userAgent = ""): string {
  return PLATFORMS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "windows";
}
