// The form of one report, or of a new one.
import { Refused, button, compare, complain, field, get, make, post, say, show } from "./dom.js";
import { steps } from "./steps.js";
import { words } from "./words.js";

let leave = null;
// Keeps what was typed before another screen takes this one's place.
export async function leaving() {
  if (leave) await leave();
  leave = null;
}

const isText = value => value === null || value === undefined || typeof value === "string";
const isTexts = value => isText(value) || (Array.isArray(value) && value.every(item => typeof item === "string"));
const shown = value => typeof value === "string" ? value : JSON.stringify(value, null, 1);

function control(state, { key, kind, help, first }, value) {
  if (kind === "truth") {
    const input = make("input", { type: "checkbox" });
    input.checked = value === true;
    return { key, first, input, read: () => input.checked, view: field(key, input, help) };
  }
  const canSet = kind !== "shown" && (kind === "list" ? isTexts(value) : isText(value));
  if (!canSet || (kind === "table" && !isText(value))) {
    if (value === null || value === undefined) return null;
    const input = make("textarea", { readonly: "", rows: "3" });
    input.value = shown(value);
    return { key, first, input, read: null, view: field(key, input, words.shown) };
  }
  if (kind === "list") {
    const input = make("textarea", { rows: "2" });
    input.dir = "auto";
    input.value = (Array.isArray(value) ? value : value ? [value] : []).join("\n");
    const read = () => input.value.split("\n").map(text => text.trim()).filter(Boolean);
    return { key, first, input, read, view: field(key, input, `${help} (${words.list})`) };
  }
  const input = key === "summary" || key === "note" ? make("textarea", { rows: "3" }) : make("input", { type: "text" });
  input.dir = "auto";
  input.value = value ?? "";
  const view = field(key, input, help);
  if (state.names[key]) {
    const names = make("datalist", { id: `names-${key}` }, ...state.names[key].slice(0, 500).map(name => make("option", { value: name })));
    input.setAttribute("list", names.id);
    view.append(names);
  }
  return { key, first, input, read: () => input.value, view };
}

// Puts words into the text so that the browser can undo it.
function put(area, text, from, to) {
  area.focus();
  area.setSelectionRange(from, to);
  if (text.length > 30000 || !document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function tools(area) {
  const around = (before, after) => () => {
    const { selectionStart: from, selectionEnd: to, value } = area;
    put(area, before + value.slice(from, to) + after, from, to);
  };
  const lines = mark => () => {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    put(area, area.value.slice(from, area.selectionEnd).split("\n").map(line => mark + line).join("\n"), from, area.selectionEnd);
  };
  return make("div", { class: "tools", role: "group", "aria-label": words.body },
    button(words.bold, around("**", "**")), button(words.italic, around("*", "*")), button(words.link, around("[", "](https://)")),
    button(words.quote, lines("> ")), button(words.item, lines("- ")));
}

async function pasted(area, event) {
  const html = event.clipboardData?.getData("text/html");
  if (!html) return;
  event.preventDefault();
  const { selectionStart: from, selectionEnd: to } = area;
  try {
    const { markdown, losses } = await post("convert", { html });
    put(area, markdown, from, to);
    if (losses.length) say(losses.join("; "));
  } catch (error) {
    put(area, event.clipboardData.getData("text/plain"), from, to);
    complain(error);
  }
}

export async function edit(state, file) {
  let report = file ? await get("report", { file }) : { fields: {}, body: "", unsaved: state.unsaved, history: [], problems: [] };
  const controls = state.fields.map(about => control(state, about, report.fields[about.key])).filter(Boolean);
  const area = make("textarea", { class: "body", dir: report.direction ?? "auto" });
  area.lang = report.language ?? "";
  area.value = report.body;
  const values = () => Object.fromEntries(controls.filter(one => one.read).map(one => [one.key, one.read()]));
  let before = JSON.stringify(values()), bodyBefore = area.value;
  const isTouched = () => JSON.stringify(values()) !== before || area.value !== bodyBefore;
  const typed = () => {
    const old = JSON.parse(before), now = values();
    const fields = Object.fromEntries(Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(old[key])));
    return { file: file ?? null, from: report.hash, fields, body: area.value === bodyBefore ? null : area.value };
  };

  let timer = null, closed = false;
  async function keep() {
    clearTimeout(timer);
    timer = null;
    if (closed || !isTouched()) return;
    try { await post("unsaved", typed()); say(words.kept); } catch (error) { say(`${words.notKept} ${error.message}`); }
  }
  leave = keep;
  const form = make("form", { oninput: () => { timer ??= setTimeout(keep, 1500); } });
  area.addEventListener("paste", event => { if (!plain) pasted(area, event); plain = false; });
  let plain = false;
  form.addEventListener("keydown", event => {
    if (event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.shiftKey && event.key.toLowerCase() === "v") plain = true;
    if (command && event.key.toLowerCase() === "s") { event.preventDefault(); save(); }
  });
  form.addEventListener("submit", event => { event.preventDefault(); save(); });

  const notes = make("div");
  const page = make("iframe", { title: words.preview, sandbox: "allow-scripts allow-same-origin" });
  function preview() {
    if (report.address && !report.withdrawn) page.src = state.host + report.address;
  }

  let saving = false;
  async function save(from = report.hash) {
    // A second press waits for the answer to the first.
    if (saving) return;
    if (!isTouched()) return say(words.nothing);
    clearTimeout(timer);
    timer = null;
    saving = true;
    // What is typed until the answer comes is not in it.
    const sent = JSON.stringify(values()), sentBody = area.value;
    try {
      const answer = await post(file ? "save" : "create", { ...typed(), from });
      before = sent;
      bodyBefore = sentBody;
      if (!file) {
        if (isTouched()) await post("unsaved", { ...typed(), file: answer.file });
        closed = true;
        say(words.made);
        location.hash = `file=${encodeURIComponent(answer.file)}`;
        return;
      }
      report = answer;
      if (isTouched()) timer ??= setTimeout(keep, 1500);
      notes.replaceChildren(...problems(report));
      say(words.saved);
      if (page.getAttribute("src") !== state.host + report.address) preview();
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && error.answer.now) conflict(error.answer.now);
      else complain(error);
    } finally {
      saving = false;
    }
  }

  function conflict(now) {
    say(words.conflict);
    notes.replaceChildren(make("div", { class: "note" }, make("p", {}, words.conflict), compare(now.body, area.value),
      make("div", { class: "tools" },
        button(words.overwrite, () => save(now.hash)),
        button(words.theirs, async () => { closed = true; await post("discard", { file }); edit(state, file); }))));
    notes.scrollIntoView();
  }

  function unsaved(kept) {
    const note = make("div", { class: "note" }, make("p", {}, words.unsaved), compare(report.body, kept.body ?? report.body),
      make("ul", {}, ...Object.entries(kept.fields ?? {}).map(([key, value]) => make("li", {}, `${key}: ${shown(value)}`))),
      make("div", { class: "tools" },
        button(words.takeBack, () => {
          for (const one of controls) {
            const value = kept.fields?.[one.key];
            if (value === undefined || !one.read) continue;
            if (one.input.type === "checkbox") one.input.checked = value; else one.input.value = Array.isArray(value) ? value.join("\n") : value;
          }
          if (kept.body !== null && kept.body !== undefined) area.value = kept.body;
          // What began from another text is compared when it is saved.
          if (kept.from) report.hash = kept.from;
          note.remove();
        }),
        button(words.drop, async () => { await post("discard", { file: file ?? null }); state.unsaved = null; note.remove(); })));
    return note;
  }

  const problems = ({ problems: all }) => all?.length
    ? [make("div", { class: "note" }, make("p", {}, words.problems), make("ul", {}, ...all.map(one => make("li", {}, one.message, one.help ? ` (${one.help})` : ""))))] : [];
  const history = report.history?.length ? make("details", {}, make("summary", {}, words.history),
    ...report.history.map(time => button(words.restore(new Date(time).toLocaleString()), async () => {
      if (isTouched()) return say(words.saveFirst);
      try { await post("restore", { file, from: report.hash, time }); edit(state, file); } catch (error) { complain(error); }
    }))) : null;

  const rest = controls.filter(one => !one.first);
  form.append(
    ...controls.filter(one => one.first).map(one => one.view), tools(area), field(words.body, area),
    make("details", {}, make("summary", {}, words.moreFields), ...rest.map(one => one.view)),
    make("div", { class: "tools" }, make("button", { class: "main", type: "submit" }, file ? words.save : words.create)));
  notes.append(...problems(report), ...(report.unsaved ? [unsaved(report.unsaved)] : []));
  const title = make("h1", {}, report.fields.title || (file ?? words.write));
  title.dir = "auto";
  const isOpen = !report.withdrawn;
  show(title, notes, make("div", { class: file && isOpen ? "beside" : "" }, make("div", {}, isOpen ? form : words.withdrawn, history ?? "",
    file && isOpen ? steps(state, file, area, isTouched, () => { closed = true; edit(state, file); }) : ""), file && isOpen ? page : ""));
  preview();
}
