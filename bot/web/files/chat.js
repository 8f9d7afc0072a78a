// Asking: the conversation, kept while the tab is open.

import { answered, summary } from "./answers.js";
import { events, get, Problem } from "./api.js";
import { button, byId, make } from "./frame.js";
import { languageOf, text } from "./wording.js";

const KEPT = "wenju_conversation";
const MAX_HISTORY = 20;
const main = byId("main");
const conversation = byId("conversation");
const form = byId("ask");
const question = byId("question");
const status = byId("status");
const sendButton = byId("send");
const anew = byId("anew");

let turns = [];
let conversationId = null;

function keep() {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ turns: turns.slice(-MAX_HISTORY), conversationId }));
  } catch { /* A full or forbidden storage only means that a reload begins anew. */ }
}

function restore() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    turns = kept?.turns ?? [];
    conversationId = kept?.conversationId ?? null;
  } catch { /* What is not readable is as if it were not there. */ }
}

// --- showing a turn ----------------------------------------------------------------------------------------------

function turnElement(asked) {
  const heading = make("h2", { lang: languageOf(asked), tabindex: "-1" }, asked);
  const body = make("div", { class: "answer" });
  return { element: make("article", { class: "turn" }, heading, body), heading, body };
}

/** Put an answer into a turn; gives the words that a screen reader is told. */
function fill(made, answer) {
  const [nodes, told] = answered(answer);
  const pending = made.body.querySelector(".summary.pending");
  // The quotes stand there already, and the reader may have opened something.
  if (pending) pending.replaceWith(...[summary(answer)].filter(Boolean));
  else made.body.replaceChildren(...nodes.flat(Infinity).filter(Boolean));
  return told;
}

function show(turn) {
  const made = turnElement(turn.question);
  fill(made, turn.answer);
  conversation.append(made.element);
}

// --- asking ------------------------------------------------------------------------------------------------------

/** Ask, and give the answer; `early` gets what there is of it while a summary is still being written. */
async function put(json, early) {
  const found = { quotes: [], near_misses: [], summarising: true };
  for await (const [name, data] of events("/v1/ask", json)) {
    if (name === "understood") Object.assign(found, data);
    else if (name === "quote") found.quotes.push(data);
    else if (name === "near_miss") found.near_misses.push(data);
    else if (name === "summarising") early(found);
    else if (name === "answer") return data;
  }
  throw new Problem("unreachable", 0);
}

const begin = async () => { conversationId = (await get("/v1/conversations", { method: "POST" })).id; };

/** Ask within the conversation that the server keeps; where it keeps none any more, with what the page has of it. */
async function answerTo(asked, early) {
  try {
    if (!conversationId) await begin();
    return await put({ question: asked, conversation_id: conversationId }, early);
  } catch (error) {
    if (!["conversation-unknown", "state-unavailable"].includes(error.slug)) throw error;
    conversationId = null;
    const history = turns.map(({ question: before, answer }) => ({
      question: before, answer: answer.quotes.slice(0, 1).map((quote) => quote.text).join("") }));
    return put({ question: asked, history: history.slice(-MAX_HISTORY) }, early);
  }
}

async function ask(asked) {
  const made = turnElement(asked);
  made.body.append(make("p", { class: "waiting" }, text("web_searching")));
  made.element.setAttribute("aria-busy", "true");
  conversation.append(made.element);
  begun();
  sendButton.disabled = true;
  status.textContent = text("web_searching");
  made.element.scrollIntoView({ block: "start" });
  let waited = false;
  try {
    const answer = await answerTo(asked, (found) => {
      waited = true;
      status.textContent = fill(made, found);
      made.element.scrollIntoView({ block: "start" });
    });
    turns.push({ question: asked, answer });
    keep();
    const told = fill(made, answer);
    if (!waited) status.textContent = told;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    made.body.replaceChildren(make("p", { class: "problem" }, error.message),
      make("p", {}, button(text("web_again"), () => { made.element.remove(); ask(asked); })));
    status.textContent = error.message;
  } finally {
    made.element.removeAttribute("aria-busy");
    sendButton.disabled = false;
    if (!waited) made.element.scrollIntoView({ block: "start" });
  }
}

function begun() {
  main.classList.remove("unasked");
  anew.hidden = false;
  byId("examples").hidden = true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = question.value.trim();
  if (!asked || sendButton.disabled) return;
  question.value = "";
  ask(asked);
});

question.addEventListener("keydown", (event) => {
  // Enter that ends the choice of characters in an input method is not yet a question.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit();
});

anew.addEventListener("click", () => {
  // What the server does not delete now, it deletes when its time has come.
  if (conversationId) get(`/v1/conversations/${encodeURIComponent(conversationId)}`, { method: "DELETE" }).catch(() => {});
  turns = [];
  conversationId = null;
  keep();
  conversation.replaceChildren();
  main.classList.add("unasked");
  anew.hidden = true;
  question.focus();
  offer();
});

/** Offer questions; without them the page is as good. */
function offer() {
  examples().catch((error) => { status.textContent = error.message; });
}

async function examples() {
  const section = byId("examples");
  const found = await get("/v1/examples?language=" + encodeURIComponent(document.documentElement.dataset.language));
  if (!found.examples.length || !main.classList.contains("unasked")) return;
  section.querySelector("ul").replaceChildren(...found.examples.map((one) =>
    make("li", {}, button(one, () => ask(one), { lang: languageOf(one) }))));
  section.hidden = false;
}

restore();
if (turns.length) {
  turns.forEach(show);
  begun();
  conversation.lastElementChild.scrollIntoView({ block: "start" });
} else {
  offer();
}
main.dataset.ready = "true";
