// The one box: an address or a page becomes a proposal, and the proposal a report.
import { button, complain, field, get, make, post, say, show } from "./dom.js";
import { words } from "./words.js";

export function take(state, begun = "") {
  const box = make("textarea", { rows: "6" });
  box.value = begun;
  const here = make("p", { role: "status" });
  const proposal = make("div");
  async function look() {
    const text = box.value.trim();
    here.replaceChildren();
    if (!/^https?:\/\/\S+$/.test(text)) return;
    try {
      const known = await get("known", { address: text });
      if (known && box.value.trim() === text) here.replaceChildren(words.isHere, " ", link(known.file, known.title || words.untitled));
    } catch (error) { complain(error); }
  }
  // HTML that is copied from a page is kept, not only its words.
  box.addEventListener("paste", event => {
    const html = event.clipboardData?.getData("text/html");
    if (!html || /^https?:\/\/\S+$/.test(event.clipboardData.getData("text/plain").trim())) return;
    event.preventDefault();
    box.setRangeText(html, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input"));
  });
  box.addEventListener("input", look);
  const inputs = {};
  async function ask(isDone) {
    const given = isDone ? Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, input.value])) : {};
    try {
      const answer = await post("take", { text: box.value, given, do: isDone });
      if (isDone) {
        say(words.made);
        location.hash = `file=${encodeURIComponent(answer.file)}`;
        return;
      }
      say("");
      draw(answer);
    } catch (error) {
      complain(error);
      if (error.answer?.known) here.replaceChildren(words.isHere, " ", link(error.answer.known, error.answer.known));
      // What the page does not say may be given.
      if (!isDone && !error.answer?.known) draw({ fields: ["title", "date", "outlet", "original_url", "authors"].map(key => ({ key, value: "" })), warnings: [], near: [], words: 0, text: "" });
    }
  }
  function draw(answer) {
    const fields = answer.fields.map(({ key, value, from, why }) => {
      const input = make("input", { type: "text" });
      input.dir = "auto";
      input.value = value;
      inputs[key] = input;
      const mark = from ? `${why ? words.guess : words.sure}, ${words.from} ${from}${why ? `: ${why}` : ""}` : "";
      const view = field(key, input, mark);
      if (why) view.querySelector("small").className = "mark";
      return view;
    });
    const text = make("textarea", { rows: "12", readonly: "" });
    text.dir = "auto";
    text.value = answer.text;
    proposal.replaceChildren(...fields, make("p", {}, words.wordsFound(answer.words)),
      make("ul", {}, ...answer.warnings.map(one => make("li", {}, one))),
      ...(answer.near.length ? [make("p", {}, words.near), make("ul", {}, ...answer.near.map(one => make("li", {}, link(one.file, one.title))))] : []),
      button(words.makeIt, () => ask(true), "main"), answer.text ? field(words.textFound, text) : "");
  }
  const bookmarklet = make("a", { href: `javascript:void(window.open("${location.origin}/_desk/clip#"+encodeURIComponent(location.href)))` }, words.bookmark);
  show(make("h1", {}, words.take), field(words.box, box, begun ? words.clip : ""), here,
    make("div", { class: "tools" }, button(words.propose, () => ask(false), "main")), proposal,
    make("p", { class: "quiet" }, words.bookmarklet, " ", bookmarklet));
  look();
}

const link = (file, title) => make("a", { href: `/_desk/#file=${encodeURIComponent(file)}` }, title);
