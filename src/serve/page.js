// What `dateline serve` adds to each page: loads it again when it is old, and shows what is to be mended.
"use strict";
(() => {
  const script = document.currentScript;
  const news = new EventSource(script.dataset.news);
  const host = document.createElement("dateline-problems");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; position: fixed; inset: 0; z-index: 2147483647; overflow: auto;
      background: rgb(20 20 20 / 0.85); color: #f4f1ea; font: 1rem/1.5 system-ui, sans-serif; }
    main { max-inline-size: 60rem; margin: 2rem auto; padding-inline: 1rem; }
    section { background: #1d1b19; border-block-start: 4px solid #e5484d; padding: 1rem; margin-block: 1rem; }
    h1 { font-size: 1.25rem; } h2 { font-size: 1rem; margin: 0; }
    p { margin-block: 0.5rem; } pre { overflow-x: auto; background: #000; padding: 0.5rem; margin: 0; }
    code { font-family: ui-monospace, monospace; color: #ffb4a8; }
    button { font: inherit; padding: 0.25rem 1rem; }
  `);
  root.adoptedStyleSheets = [sheet];

  const element = (name, text) => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };

  const drawn = (problem) => {
    const section = document.createElement("section");
    section.append(element("h2", problem.message));
    if (problem.file) {
      const spot = problem.line ? `:${problem.line}:${problem.column}` : "";
      const place = document.createElement("p");
      place.append(element("code", problem.file + spot));
      section.append(place);
    }
    if (problem.text) section.append(element("pre", problem.text));
    if (problem.help) section.append(element("p", `Help: ${problem.help}`));
    return section;
  };

  const show = (problems) => {
    host.remove();
    if (problems.length === 0) return;
    const main = document.createElement("main");
    main.setAttribute("role", "alert");
    main.append(element("h1", `${problems.length === 1 ? "A mistake" : `${problems.length} mistakes`} in the archive. Below is the last good site.`));
    main.append(...problems.slice(0, 20).map(drawn));
    if (problems.length > 20) main.append(element("p", `And ${problems.length - 20} more: see the terminal.`));
    const close = element("button", "Hide");
    close.addEventListener("click", () => host.remove());
    main.append(close);
    root.replaceChildren(main);
    document.documentElement.append(host);
  };

  news.addEventListener("message", (event) => {
    const { version, problems } = JSON.parse(event.data);
    if (version !== script.dataset.version) {
      news.close();
      location.reload();
    } else {
      show(problems);
    }
  });
  // A page that is left must not hold one of the few connections that a browser opens to a host.
  addEventListener("pagehide", () => news.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
