// Asking: the conversation, kept while the tab is open.

import { get, Problem, readDocument } from "./api.js";
import { around } from "./blocks.js";
import { button, byId, make } from "./frame.js";
import { figure, sourceAddress } from "./quotes.js";
import { languageOf, listing, text } from "./wording.js";

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
let counter = 0;

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

// --- showing an answer -------------------------------------------------------------------------------------------

/** Let the reader say whether a quote helps. */
function feedback(asked, quote) {
  const said = make("span", { class: "said", role: "status" });
  const give = (helpful) => async (pressed) => {
    const both = pressed.parentNode.querySelectorAll("button[aria-pressed]");
    both.forEach((one) => { one.disabled = true; });
    try {
      await get("/v1/feedback", { method: "POST",
        json: { helpful, question: asked, document_id: quote.document_id, spans: quote.spans, surface: "web" } });
      both.forEach((one) => one.setAttribute("aria-pressed", String(one === pressed)));
      said.textContent = text("web_feedback_thanks");
    } catch (error) {
      both.forEach((one) => { one.disabled = false; });
      said.textContent = error.message;
    }
  };
  return [
    button(text("web_helpful"), give(true), { class: "plain", "aria-pressed": "false" }),
    button(text("web_not_helpful"), give(false), { class: "plain", "aria-pressed": "false" }),
    said,
  ];
}

/** Let the reader see what stands before and behind a quote. */
function more(quote) {
  const id = `around-${counter += 1}`;
  const shown = make("div", { class: "around", id, hidden: true });
  const toggle = button(text("web_around"), async (pressed) => {
    if (!shown.childNodes.length) {
      pressed.disabled = true;
      try {
        shown.append(...around(await readDocument(quote.document_id), quote.spans));
      } catch (error) {
        shown.append(make("p", { class: "problem" }, error.message));
      }
      pressed.disabled = false;
    }
    shown.hidden = !shown.hidden;
    pressed.setAttribute("aria-expanded", String(!shown.hidden));
    pressed.textContent = text(shown.hidden ? "web_around" : "web_around_less");
  }, { class: "plain", "aria-expanded": "false", "aria-controls": id });
  return [toggle, shown];
}

function whole(asked, quote) {
  const [toggle, shown] = more(quote);
  return figure(quote, { extra: [make("div", { class: "tools" },
    make("a", { href: sourceAddress(quote.document_id, quote.spans) }, text("web_open_source")), toggle, feedback(asked, quote)), shown] });
}

/** List further quotes. What is near a question and does not answer it has no words that answer, so none are marked. */
function others(heading, quotes, { near = false } = {}) {
  if (!quotes.length) return null;
  return make("details", { class: "others", open: near }, make("summary", {}, heading),
    make("ul", {}, quotes.map((quote) => make("li", {}, figure(quote, { small: true, plain: near })))));
}

function missing({ kind, asked, available }) {
  const key = `missing_${kind}${available.length ? "_instead" : ""}`;
  return make("p", { class: "missing" }, text(key, { asked, available: listing(available) }));
}

function summary({ sentences, dropped }) {
  if (!sentences.length) return null;
  return make("section", { class: "summary" }, make("h3", {}, text("summary")),
    make("p", {}, sentences.map((one) => [one.text, " ", one.quotes.map((at) => make("sup", {}, `[${at}]`)), " "])),
    dropped ? make("p", { class: "faint" }, text("summary_dropped", { count: dropped })) : null);
}

/** Give what an answer says, and the words that a screen reader is told of it. */
function answered(answer) {
  if (answer.reply) {
    const reply = text(`reply_${answer.reply}`);
    return [[make("p", { class: "reply" }, reply)], reply];
  }
  const understood = answer.understood_as
    ? make("p", { class: "understood" }, text("understood_as", { question: answer.understood_as })) : null;
  if (answer.status === "not_found") {
    return [[understood, make("p", { class: "refusal" }, text("not_found")), (answer.missing ?? []).map(missing),
      others(text("near_misses"), answer.near_misses, { near: true })], text("not_found")];
  }
  const [first, ...rest] = answer.quotes;
  const told = text("web_answered", { count: answer.quotes.length });
  const asked = answer.question;
  if (!answer.arrangement || answer.arrangement === "ranked") {
    return [[understood, answer.summary ? summary(answer.summary) : null, whole(asked, first),
      others(text("more_sources"), rest)], `${told} ${first.text}`];
  }
  const heading = answer.total ? text("collection_total", { count: answer.total, shown: answer.quotes.length })
    : text(answer.arrangement);
  return [[understood, answer.summary ? summary(answer.summary) : null, make("h3", { class: "together" }, heading),
    make("ol", { class: `together ${answer.arrangement}` }, answer.quotes.map((quote) => make("li", {}, whole(asked, quote))))],
  `${told} ${heading}`];
}

function turnElement(asked) {
  const heading = make("h2", { lang: languageOf(asked), tabindex: "-1" }, asked);
  const body = make("div", { class: "answer" });
  return { element: make("article", { class: "turn" }, heading, body), heading, body };
}

function show(turn) {
  const made = turnElement(turn.question);
  made.body.append(...answered(turn.answer)[0].flat(Infinity).filter(Boolean));
  conversation.append(made.element);
}

// --- asking ------------------------------------------------------------------------------------------------------

const put = (json) => get("/v1/ask", { method: "POST", json });
const begin = async () => { conversationId = (await get("/v1/conversations", { method: "POST" })).id; };

/** Ask within the conversation that the server keeps; where it keeps none any more, with what the page has of it. */
async function answerTo(asked) {
  try {
    if (!conversationId) await begin();
    return await put({ question: asked, conversation_id: conversationId });
  } catch (error) {
    if (!["conversation-unknown", "state-unavailable"].includes(error.slug)) throw error;
    conversationId = null;
    const history = turns.map(({ question: before, answer }) => ({
      question: before, answer: answer.quotes.slice(0, 1).map((quote) => quote.text).join("") }));
    return put({ question: asked, history: history.slice(-MAX_HISTORY) });
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
  try {
    const answer = await answerTo(asked);
    turns.push({ question: asked, answer });
    keep();
    const [nodes, told] = answered(answer);
    made.body.replaceChildren(...nodes.flat(Infinity).filter(Boolean));
    status.textContent = told;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    made.body.replaceChildren(make("p", { class: "problem" }, error.message),
      make("p", {}, button(text("web_again"), () => { made.element.remove(); ask(asked); })));
    status.textContent = error.message;
  } finally {
    made.element.removeAttribute("aria-busy");
    sendButton.disabled = false;
    made.element.scrollIntoView({ block: "start" });
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
