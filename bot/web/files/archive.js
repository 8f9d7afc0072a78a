// The whole archive: what it holds, by date, and a search as one types.

import { get, Problem, readDocument } from "./api.js";
import { button, byId, dotted, make, tell } from "./frame.js";
import { figure, sourceAddress } from "./quotes.js";
import { date, languageOf, listing, number, text } from "./wording.js";
import { offerUpload } from "./upload.js";

const PAGE = 50;
const PAUSE = 250;
const LONG = 60000;
const main = byId("main");
const status = byId("status");
const words = byId("words");
const fields = { since: byId("since"), until: byId("until"), place: byId("place"), file: byId("file") };

let holdings = null;
let admin = true;
let shown = 0;

/** Give the filters as the API names them; `names` says which to leave out. */
function filters(names) {
  const query = new URLSearchParams();
  for (const [field, name] of Object.entries(names)) {
    const value = fields[field].value.trim();
    if (name && value) query.append(name, value);
  }
  return query;
}

// --- the documents -----------------------------------------------------------------------------------------------

function headlines(document) {
  return document.outline.articles.filter((article) => article.headline && article.blocks.length).map((article) => {
    const spans = document.outline.blocks[article.blocks[0]].spans;
    return make("li", {}, make("a", { href: sourceAddress(document.id, spans), lang: languageOf(article.headline) }, article.headline),
      article.place ? make("span", { class: "place", lang: languageOf(article.place) }, article.place) : null);
  });
}

async function articlesInto(list, info) {
  if (list.dataset.read) return;
  list.dataset.read = "true";
  try {
    list.replaceChildren(...headlines(await readDocument(info.id)));
  } catch (error) {
    list.replaceChildren(make("li", { class: "problem" }, error.message));
  }
}

// Long documents are read when their articles are asked for, short ones when they come into view.
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    entry.target.readArticles();
  }
});

function row(info) {
  const title = info.title || info.source;
  const list = make("ul", { class: "articles" });
  const parts = [info.publication && make("span", { lang: languageOf(info.publication) }, info.publication),
    info.date ? make("time", { datetime: info.date }, date(info.date)) : text("web_undated"),
    make("span", { class: "file" }, info.source), text("web_characters", { count: info.characters })];
  const item = make("li", {}, make("h3", {}, make("a", { href: `/source/${encodeURIComponent(info.id)}`, lang: languageOf(title) }, title)),
    make("p", { class: "imprint" }, dotted(parts)), list);
  item.readArticles = () => articlesInto(list, info);
  if (info.characters <= LONG) seen.observe(item);
  else list.append(make("li", {}, button(text("web_articles"), item.readArticles, { class: "plain" })));
  if (admin && info.uploaded) item.append(remover(info, item));
  return item;
}

function remover(info, item) {
  const note = make("span", { role: "status" });
  return make("p", { class: "removing" }, button(text("web_delete"), async (pressed) => {
    if (!confirm(text("web_delete_sure", { source: info.source }))) return;
    pressed.disabled = true;
    try {
      await get(`/v1/documents/${encodeURIComponent(info.id)}`, { method: "DELETE" });
      item.remove();
      await refresh();
      status.textContent = text("web_deleted", { source: info.source });
    } catch (error) {
      pressed.disabled = false;
      note.textContent = error.message;
    }
  }, { class: "plain" }), note);
}

async function documents({ anew = true, signal } = {}) {
  if (anew) shown = 0;
  const query = filters({ since: "since", until: "until", place: "place", file: "q" });
  query.set("limit", PAGE);
  query.set("offset", shown);
  const page = await get(`/v1/documents?${query}`, { signal });
  const rows = page.documents.map(row);
  if (anew) byId("documents").replaceChildren(...rows);
  else byId("documents").append(...rows);
  shown += rows.length;
  byId("more").hidden = shown >= page.total;
  byId("none").hidden = page.total > 0;
  byId("documents-heading").textContent = text("web_documents_count", { count: page.total });
}

// --- the timeline ------------------------------------------------------------------------------------------------

function choosePeriod(since, until) {
  const again = fields.since.value === since && fields.until.value === until;
  fields.since.value = again ? "" : since;
  fields.until.value = again ? "" : until;
  search();
}

function timeline(months) {
  const years = new Map();
  for (const { month, documents: count } of months) {
    const [year, at] = month.split("-");
    if (!years.has(year)) years.set(year, { total: 0, months: Array(12).fill(0) });
    const one = years.get(year);
    one.total += count;
    if (at) one.months[Number(at) - 1] += count;
  }
  const most = Math.max(...[...years.values()].flatMap((one) => one.months), 1);
  byId("timeline").replaceChildren(...[...years].sort().map(([year, one]) => make("li", {},
    button(year, () => choosePeriod(year, year), { class: "year", "aria-label": text("web_year_documents", { year, count: one.total }) }),
    make("ol", {}, one.months.map((count, at) => month(year, at, count, most))))));
  byId("years").hidden = !years.size;
}

function month(year, at, count, most) {
  const iso = `${year}-${String(at + 1).padStart(2, "0")}`;
  if (!count) return make("li", { class: "none", "aria-hidden": "true" }, make("span", { class: "bar" }), make("span", {}, at + 1));
  const bar = make("span", { class: "bar" });
  bar.style.blockSize = `${Math.max(12, Math.round(100 * count / most))}%`;
  const made = button("", () => choosePeriod(iso, iso), {
    title: text("web_month_documents", { month: date(iso), count }), "aria-label": text("web_month_documents", { month: date(iso), count }) });
  made.append(bar, make("span", {}, at + 1));
  return make("li", {}, made);
}

function markPeriod() {
  for (const one of document.querySelectorAll("#timeline button")) one.removeAttribute("aria-pressed");
  const [since, until] = [fields.since.value, fields.until.value];
  if (!since || since !== until) return;
  const index = [...byId("timeline").children].findIndex((item) => item.firstChild.textContent === since.slice(0, 4));
  const item = byId("timeline").children[index];
  const chosen = since.length === 4 ? item?.querySelector(".year")
    : item?.querySelectorAll("ol > li")[Number(since.slice(5, 7)) - 1]?.querySelector("button");
  chosen?.setAttribute("aria-pressed", "true");
}

// --- the search --------------------------------------------------------------------------------------------------

let running = null;
let timer = 0;

function hit(found) {
  return make("li", {}, figure({ ...found, highlights: occurrences(found, words.value) }, { small: true }));
}

/** Mark where the typed words themselves stand in a hit. */
function occurrences(found, typed) {
  const sought = typed.toLowerCase().split(/[\s,;:!?，。；：！？、]+/u).filter((word) => word.length > 1 || /\p{Script=Han}/u.test(word));
  const points = [...found.text.toLowerCase()];
  const marks = [];
  for (const word of sought) {
    const letters = [...word];
    for (let at = 0; at + letters.length <= points.length; at += 1) {
      if (letters.every((letter, index) => points[at + index] === letter)) marks.push([at, at + letters.length]);
    }
  }
  // From places in the hit's text to places in the document.
  const inDocument = [];
  for (const [from, to] of marks) {
    let offset = 0;
    for (const [start, end] of found.spans) {
      const [a, b] = [Math.max(from, offset), Math.min(to, offset + end - start)];
      if (a < b) inDocument.push([start + a - offset, start + b - offset]);
      offset += end - start;
    }
  }
  return inDocument;
}

async function search() {
  clearTimeout(timer);
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const typed = words.value.trim();
  markPeriod();
  const problem = byId("search-problem");
  try {
    if (typed) {
      const query = filters({ since: "since", until: "until", place: "places", file: "sources" });
      query.set("q", typed);
      const { hits } = await get(`/v1/search?${query}`, { signal });
      byId("hits").replaceChildren(...hits.map(hit));
      byId("found-heading").textContent = text("web_found_count", { count: hits.length });
      status.textContent = text("web_found_count", { count: hits.length });
    }
    byId("found").hidden = !typed;
    await documents({ signal });
    tell(problem, "");
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Problem)) throw error;
    tell(problem, error.message);
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
}

const form = byId("search");
form.addEventListener("input", soon);
form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
form.addEventListener("reset", () => setTimeout(search));
byId("more").addEventListener("click", () => documents({ anew: false }).catch((error) => tell(byId("search-problem"), error.message)));

async function refresh() {
  holdings = await get("/v1/sources");
  const dates = holdings.publications.flatMap((one) => [one.first, one.last]).filter(Boolean).sort();
  const span = dates.length ? [...new Set([dates[0], dates.at(-1)].map(date))].join(" – ") : "";
  byId("holdings").replaceChildren(...dotted([text("web_documents_count", { count: holdings.documents }), span,
    listing(holdings.publications.map((one) => one.publication).filter(Boolean).slice(0, 5))]));
  byId("places").replaceChildren(...holdings.places.map(({ place }) => make("option", { value: place })));
  timeline(holdings.months);
  await documents();
}

offerUpload(refresh);
try {
  await refresh();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  tell(byId("search-problem"), error.message);
} finally {
  main.dataset.ready = "true";
}
