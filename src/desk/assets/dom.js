// Elements, calls and comparisons. Data becomes text only: nothing here parses HTML.
import { words } from "./words.js";

export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && typeof value !== "string") element[key] = value;
    else if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

export const button = (label, press, kind = "") => make("button", { type: "button", class: kind, onclick: press }, label);

export function show(...children) {
  const screen = document.getElementById("screen");
  screen.replaceChildren(...children);
  return screen;
}

export function say(text) {
  document.getElementById("said").textContent = text;
}

export class Refused extends Error {
  constructor(status, answer) {
    super(answer.error || String(status));
    this.status = status;
    this.answer = answer;
  }
}

async function asked(path, options) {
  const response = await fetch(`/_desk/api/${path}`, { credentials: "same-origin", ...options });
  const answer = await response.json();
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

export const get = (name, query = {}) => asked(`${name}?${new URLSearchParams(query)}`, {});
export const post = (name, content = {}) => asked(name, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content),
});

// A comparison line by line: what both ends share is left out.
export function compare(before, after) {
  const [old, young] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start++;
  let end = 0;
  while (end < old.length - start && end < young.length - start
    && old[old.length - 1 - end] === young[young.length - 1 - end]) end++;
  const lines = make("div", { class: "lines" });
  for (const line of old.slice(start, old.length - end)) lines.append(make("del", {}, line || " "));
  for (const line of young.slice(start, young.length - end)) lines.append(make("ins", {}, line || " "));
  return lines;
}

let count = 0;
export function field(label, input, help) {
  const id = `f${++count}`;
  input.id = id;
  const small = help ? make("small", { id: `${id}h` }, help) : null;
  if (small) input.setAttribute("aria-describedby", small.id);
  return make("div", { class: "field" }, make("label", { for: id }, label), input, small);
}

export function complain(error) {
  say(error.status === 401 ? words.loggedOut : error.message);
}
