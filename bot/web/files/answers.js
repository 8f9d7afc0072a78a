// An answer as the reader sees it: its quotes with what can be done with them, or that there is none.

import { get, readDocument } from "./api.js";
import { around } from "./blocks.js";
import { button, make } from "./frame.js";
import { figure, sourceAddress } from "./quotes.js";
import { languageOf, listing, text } from "./wording.js";

let counter = 0;

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
  return make("span", { class: "feedback" },
    button(text("web_helpful"), give(true), { class: "plain", "aria-pressed": "false" }),
    button(text("web_not_helpful"), give(false), { class: "plain", "aria-pressed": "false" }),
    said);
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

/** Show the summary, or that it is being written; nothing where no sentence of it stood the check. */
export function summary(answer) {
  if (answer.summarising) return make("section", { class: "summary pending" }, make("p", { class: "faint" }, text("web_summarising")));
  if (!answer.summary?.sentences.length) return null;
  const { sentences, dropped } = answer.summary;
  const link = (at) => make("sup", {}, make("a", { href: sourceAddress(answer.quotes[at - 1].document_id, answer.quotes[at - 1].spans) }, `[${at}]`));
  return make("section", { class: "summary" }, make("h3", {}, text("summary")),
    make("p", {}, sentences.map((one) => [make("span", { lang: languageOf(one.text) }, one.text), " ", one.quotes.map(link), " "])),
    dropped ? make("p", { class: "faint" }, text("summary_dropped", { count: dropped })) : null);
}

/** Give what an answer says, as elements, and the words that a screen reader is told of it. */
export function answered(answer) {
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
    return [[understood, summary(answer), whole(asked, first),
      others(text("web_more_sources", { count: rest.length }), rest)], `${told} ${first.text}`];
  }
  const heading = answer.total ? text("collection_total", { count: answer.total, shown: answer.quotes.length })
    : text(answer.arrangement);
  return [[understood, summary(answer), make("h3", { class: "together" }, heading),
    make("ol", { class: `together ${answer.arrangement}` }, answer.quotes.map((quote) => make("li", {}, whole(asked, quote))))],
  `${told} ${heading}`];
}
