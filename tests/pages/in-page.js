// What the tests ask a page, answered inside of it. Plain JavaScript: the project's types know no browser.
globalThis.look = {
  /** What stands out to the right, apart from what scrolls by itself. */
  overflow() {
    const { scrollWidth } = document.documentElement;
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > innerWidth + 1 && element.closest(".scroll, .skip") === null,
    );
    const page = scrollWidth > innerWidth ? [`the page, ${scrollWidth} pixels`] : [];
    return [...page, ...wide.slice(0, 3).map(({ outerHTML }) => outerHTML.slice(0, 100))];
  },

  /** Milliseconds until something was painted, by the browser's own clock; undefined before that. */
  firstPaint() {
    return performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  },

  /** How many of the folded lines cannot be seen. */
  invisibleInFolds() {
    const lines = [...document.querySelectorAll("details:not([open]) li, details:not([open]) td")];
    return lines.filter((line) => !line.checkVisibility() || line.getBoundingClientRect().height === 0).length;
  },

  /** How the page is put on paper, or would be. */
  paper() {
    const headings = [...document.querySelectorAll("thead")].map((head) => getComputedStyle(head).display);
    return {
      headings: [...new Set(headings)],
      contents: getComputedStyle(document.querySelector("nav")).display,
      ink: getComputedStyle(document.body).color,
    };
  },

  /** What has the focus, and whether somebody sees that. */
  focus() {
    const element = document.activeElement;
    const { top, bottom } = element.getBoundingClientRect();
    return {
      name: element.matches("summary, a") ? element.textContent : element.getAttribute("aria-label"),
      tag: element.matches(".scroll") ? "region" : element.localName,
      visible: getComputedStyle(element).outlineStyle !== "none" && bottom > 0 && top < innerHeight,
    };
  },

  /** How far what has the focus is scrolled to the right, and how far it can be. */
  scrolled() {
    const { scrollLeft, scrollWidth, clientWidth } = document.activeElement;
    return { left: scrollLeft, room: scrollWidth - clientWidth };
  },

  /** How often the Tab key has something to go to in the report, as long as folds stay closed. */
  stops() {
    const all = document.querySelectorAll("main :is(a, summary, .scroll)").length;
    return all - document.querySelectorAll("details:not([open]) :is(a, .scroll)").length;
  },

  /** What axe finds wrong, one line for each rule with the first places. */
  async axe() {
    const { violations } = await globalThis.axe.run({ resultTypes: ["violations"], preload: false });
    return violations.map(({ id, help, nodes }) => {
      const places = nodes.slice(0, 3).map(({ html }) => html.slice(0, 120));
      return `${id}: ${help}; ${nodes.length} places, first ${places.join(" | ")}`;
    });
  },
};
