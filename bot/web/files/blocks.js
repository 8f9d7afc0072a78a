// A document's text as its outline cuts it into articles and blocks.

import { make } from "./frame.js";
import { cut, Points } from "./spans.js";
import { languageOf, text } from "./wording.js";

const ELEMENTS = {
  headline: "h2", shoulder: "p", subheadline: "p", heading: "h3", byline: "p", imprint: "p", card: "p",
  caption: "p", note: "p", "pull-quote": "p", paragraph: "p",
};

/** Give the words of spans as nodes, the parts inside `marks` in <mark>. */
function words(points, spans, marks) {
  return spans.flatMap(([start, end]) => cut(start, end, marks).map(([from, to, marked]) => {
    const part = points.slice(from, to);
    return marked ? make("mark", { class: "quoted", "data-span": `${from}-${to}` }, part) : part;
  }));
}

function block(points, one, marks) {
  const inside = words(points, one.spans, marks);
  const plain = one.spans.map(([start, end]) => points.slice(start, end)).join("");
  const kind = Object.hasOwn(ELEMENTS, one.kind) ? one.kind : "paragraph";
  const made = make(ELEMENTS[kind], { class: kind, lang: languageOf(plain) }, inside);
  if (one.copy_of !== null && one.copy_of !== undefined) {
    made.classList.add("copy");
    made.title = text("web_copy_of");
  }
  return made;
}

/** Set runs of imprints and captions, which a page scatters, beside each other. */
function set(points, blocks, marks) {
  const nodes = [];
  let run = null;
  for (const one of blocks) {
    if (one.kind === "imprint") {
      if (!run) nodes.push(run = make("div", { class: "imprints" }));
      run.append(block(points, one, marks), " ");
    } else {
      run = null;
      nodes.push(block(points, one, marks));
    }
  }
  return nodes;
}

/** Make the articles of a document, and what stands between them, in reading order. */
export function articles(document, marks = []) {
  const points = new Points(document.text);
  const { blocks, articles: known } = document.outline;
  const shown = new Set();
  const nodes = [];
  let loose = [];
  const settle = () => {
    if (loose.length) nodes.push(make("div", { class: "loose" }, set(points, loose, marks)));
    loose = [];
  };
  blocks.forEach((one) => {
    if (one.article === null || one.article === undefined) return loose.push(one);
    if (shown.has(one.article)) return undefined;
    shown.add(one.article);
    settle();
    const article = known[one.article];
    return nodes.push(make("article", { "data-article": one.article }, set(points, article.blocks.map((at) => blocks[at]), marks)));
  });
  settle();
  return nodes;
}

/** Give the positions of the blocks that spans touch. */
export function touched(document, spans) {
  const found = [];
  document.outline.blocks.forEach((one, at) => {
    if (one.spans.some(([a, b]) => spans.some(([c, d]) => a < d && c < b))) found.push(at);
  });
  return found;
}

/** Give the article that most of the spans' words stand in; null when none. */
export function articleOf(document, spans) {
  const at = touched(document, spans).map((position) => document.outline.blocks[position].article);
  const first = at.find((one) => one !== null && one !== undefined);
  return first === undefined ? null : document.outline.articles[first];
}

/** Make the text around spans: the blocks that they touch, and one before and behind in the article. */
export function around(document, spans) {
  const { blocks, articles: known } = document.outline;
  const points = new Points(document.text);
  const at = touched(document, spans);
  if (!at.length) return [];
  const article = blocks[at[0]].article;
  const order = article === null || article === undefined ? blocks.map((_, position) => position) : known[article].blocks;
  const positions = at.map((position) => order.indexOf(position)).filter((position) => position >= 0);
  const from = Math.max(0, Math.min(...positions) - 1);
  return set(points, order.slice(from, Math.max(...positions) + 2).map((position) => blocks[position]), spans);
}
