// Correcting, redacting and withdrawing: what is needed is asked for, what will change is shown, then it is done.
import { button, compare, complain, field, make, post, say } from "./dom.js";
import { words } from "./words.js";

export function steps(state, file, area, isTouched, after) {
  const marked = () => area.value.slice(area.selectionStart, area.selectionEnd).trim();
  const text = () => { const input = make("input", { type: "text" }); input.dir = "auto"; return input; };
  const step = (name, inputs) => {
    const plan = make("div");
    const content = () => Object.fromEntries(Object.entries(inputs).map(([key, [, input]]) => [key, input.value]));
    async function ask(isDone) {
      if (isTouched()) return say(words.saveFirst);
      try {
        const answer = await post(name, { file, ...content(), do: isDone });
        if (isDone) { say(words.done); return after(); }
        plan.replaceChildren(
          make("p", {}, answer.before === undefined ? words.wholeText : words.changes),
          answer.before === undefined ? "" : compare(answer.before, answer.after),
          ...named(words.removed, answer.removed), ...named(words.reach, answer.reach),
          button(words.act[name], () => ask(true), "main"));
        say("");
      } catch (error) { complain(error); }
    }
    const details = make("details", {}, make("summary", {}, words[name]),
      ...Object.values(inputs).map(([label, input]) => field(label, input)), button(words.look, () => ask(false)), plan);
    details.addEventListener("toggle", () => {
      const first = Object.values(inputs)[0][1];
      if (details.open && first.tagName === "INPUT" && !first.value) first.value = marked();
    });
    return details;
  };
  const kinds = make("select", {}, ...state.kinds.map(kind => make("option", { value: kind }, kind)));
  return make("section", {}, make("h2", {}, words.steps),
    step("correct", { was: [words.was, text()], now: [words.now, text()], text: [words.text, text()] }),
    step("redact", { words: [words.goes, text()], reason: [words.reason, text()] }),
    step("withdraw", { kind: [words.kind, kinds], reason: [words.reason, text()] }));
}

function named(title, all) {
  return all?.length ? [make("p", {}, title), make("ul", {}, ...all.map(one => make("li", {}, one)))] : [];
}
