// The list of reports, found by words and by state.
import { button, complain, field, get, make, say, show } from "./dom.js";
import { words } from "./words.js";

export function list(state) {
  const input = make("input", { type: "search" });
  const choice = make("select", {}, ...Object.entries(words.states).map(([value, label]) => make("option", { value }, label)));
  const count = make("p", { role: "status" });
  const rows = make("ul", { class: "list" });
  const more = button(words.more, () => load(rows.children.length));
  let last = 0;
  async function load(skip) {
    const asked = ++last;
    try {
      const found = await get("list", { words: input.value, state: choice.value, skip });
      if (asked !== last) return;
      count.textContent = words.found(found.count);
      if (!skip) rows.replaceChildren();
      rows.append(...found.reports.map(row));
      more.hidden = rows.children.length >= found.count;
    } catch (error) { complain(error); }
  }
  input.addEventListener("input", () => load(0));
  choice.addEventListener("change", () => load(0));
  const rejected = state.rejected.length
    ? make("div", { class: "note" }, words.rejected, make("ul", {}, ...state.rejected.map(file => make("li", {}, file)))) : null;
  show(make("h1", {}, words.reports), rejected ?? "", make("div", { role: "search" }, field(words.words, input), field(words.state, choice)), count, rows, more);
  say("");
  load(0);
}

function row(report) {
  const marks = [report.draft && words.draft, report.withdrawn && words.withdrawn].filter(Boolean).join(", ");
  const title = make("a", { href: `#file=${encodeURIComponent(report.file)}` }, report.title || words.untitled);
  title.dir = "auto";
  if (report.language) title.lang = report.language;
  const about = make("span", { class: "quiet" }, ` ${report.outlet ?? ""} `);
  return make("li", {}, make("span", { class: "quiet" }, report.date), make("span", {}, title, about, make("span", { class: "mark" }, marks)));
}
