// A quotation with its place: how it is shown on every page.

import { dotted, make } from "./frame.js";
import { anchor, cut, Points } from "./spans.js";
import { date, languageOf, text } from "./wording.js";

/** Give the address at which a document opens at spans. */
export const sourceAddress = (id, spans) => `/source/${encodeURIComponent(id)}${anchor(spans)}`;

/** Give the quote's words, those that answer marked. */
export function markedWords(quote) {
  const points = new Points(quote.text);
  const nodes = [];
  let offset = 0;
  for (const [start, end] of quote.spans) {
    for (const [from, to, marked] of cut(start, end, quote.highlights ?? [])) {
      const words = points.slice(offset, offset + to - from);
      offset += to - from;
      nodes.push(marked ? make("mark", {}, words) : words);
    }
  }
  return nodes;
}

/** Say where words stand: headline, paper, date, page, lines. */
export function place(quote) {
  const { context } = quote;
  const headline = context.article || context.title;
  return dotted([
    !headline && !context.publication && make("span", { class: "file" }, quote.source),
    headline && make("cite", { lang: languageOf(headline) }, text("title", { title: headline })),
    context.publication && make("span", { lang: languageOf(context.publication) }, context.publication),
    context.date && make("time", { datetime: context.date }, date(context.date)),
    context.page && text("page", { page: context.page }),
    lines(quote),
  ]);
}

function lines({ lines: range }) {
  if (!range) return null;
  const [first, last] = range;
  return first === last ? text("line", { line: first }) : text("lines", { first, last });
}

/** Make the figure of a quote; `extra` stands below its place, and `plain` leaves the marks away. */
export function figure(quote, { small = false, plain = false, extra = [] } = {}) {
  const words = make("blockquote", { lang: languageOf(quote.text), cite: sourceAddress(quote.document_id, quote.spans) });
  words.append(...(plain ? [quote.text] : markedWords(quote)));
  return make("figure", { class: small ? "quote small" : "quote" }, words,
    make("figcaption", {}, make("a", { class: "place", href: sourceAddress(quote.document_id, quote.spans) }, place(quote))),
    extra);
}
