// Begins: logs in by the link's fragment, and shows the screen that the address names.
import { button, complain, get, make, post, say, show } from "./dom.js";
import { edit, leaving } from "./edit.js";
import { list } from "./list.js";
import { publish } from "./publish.js";
import { take } from "./take.js";
import { words } from "./words.js";

let state = null;

async function route() {
  await leaving();
  try {
    state = await get("state");
    document.title = `${state.title} – ${words.title}`;
    const hash = location.hash.slice(1);
    if (location.pathname === "/_desk/clip") take(state, decodeURIComponent(hash));
    else if (hash === "new") await edit(state, null);
    else if (hash === "take") take(state);
    else if (hash === "publish") publish(state);
    else if (hash.startsWith("file=")) await edit(state, decodeURIComponent(hash.slice(5)));
    else list(state);
    document.getElementById("screen").focus();
  } catch (error) { show(); complain(error); }
}

async function enter() {
  const token = location.hash.slice(1);
  history.replaceState(null, "", "/_desk/open");
  try {
    await post("enter", { token });
    location.replace("/_desk/");
  } catch (error) { say(error.message); }
}

async function quit() {
  await leaving();
  try { await post("quit"); } catch (error) { return complain(error); }
  document.getElementById("bar").replaceChildren();
  show(make("p", {}, words.quitted));
  window.removeEventListener("hashchange", route);
}

function bar() {
  const at = path => () => { if (location.pathname === "/_desk/") location.hash = path; else location.assign(`/_desk/#${path}`); };
  document.getElementById("bar").append(make("strong", {}, words.title),
    button(words.reports, at("")), button(words.write, at("new")), button(words.take, at("take")), button(words.publish, at("publish")), button(words.quit, quit));
}

if (location.pathname === "/_desk/open") enter();
else {
  bar();
  window.addEventListener("hashchange", route);
  window.addEventListener("pagehide", () => { leaving(); });
  route();
}
