// Building the site, and putting it where readers find it: what will change is shown before it is done.
import { button, complain, field, make, post, say, show } from "./dom.js";
import { words } from "./words.js";

export function publish(state) {
  const target = make("select", {}, ...state.targets.map(name => make("option", { value: name }, name)));
  const told = make("div", { "aria-live": "polite" });
  const list = (title, all) => all?.length ? [make("p", {}, title), make("ul", {}, ...all.slice(0, 200).map(one => make("li", {}, one)))] : [];
  const problems = all => list(words.problems, all?.map(one => `${one.file ?? ""} ${one.message}`));
  let isBusy = false;
  async function ask(isDone) {
    if (isBusy) return;
    isBusy = true;
    say(words.working);
    told.replaceChildren();
    try {
      const answer = await post("publish", { target: state.targets.length ? target.value : "", do: isDone });
      say(isDone ? words.published : "");
      const { plan } = answer;
      told.replaceChildren(make("p", {}, words.built(answer.articles, answer.drafts)), ...problems(answer.problems),
        ...(plan ? [make("p", {}, words.plan(plan.puts, plan.deletes)), ...list(words.changed, plan.changed)] : []),
        plan && !isDone ? button(words.publishIt, () => ask(true), "main") : "",
        make("p", {}, make("a", { href: state.address, rel: "noreferrer" }, state.address)));
    } catch (error) {
      complain(error);
      told.replaceChildren(...problems(error.answer?.problems), ...list(words.losses, error.answer?.lost));
    }
    isBusy = false;
  }
  show(make("h1", {}, words.publish), state.targets.length ? field(words.target, target) : make("p", {}, words.noTarget),
    button(state.targets.length ? words.look : words.build, () => ask(false), "main"), told);
  say("");
}
