// One document, opened at the words that the address names.

import { hasKey, Problem, readDocument, save } from "./api.js";
import { articleOf, articles } from "./blocks.js";
import { byId, dotted, make, tell } from "./frame.js";
import { showPages } from "./pagepictures.js";
import { spansOf } from "./spans.js";
import { date, languageOf, text } from "./wording.js";

const main = byId("main");
const id = decodeURIComponent(location.pathname.split("/").at(-1));
const address = `/v1/documents/${encodeURIComponent(id)}`;

let read = null;

function head(marks) {
  const { outline } = read;
  const article = articleOf(read, marks);
  const title = article?.headline || read.title || read.source;
  const heading = byId("title");
  heading.textContent = title;
  heading.lang = languageOf(title);
  document.title = `${title} · Wenju`;
  byId("imprint").replaceChildren(...dotted([
    read.publication && make("span", { lang: languageOf(read.publication) }, read.publication),
    read.date && make("time", { datetime: read.date }, date(read.date)),
    outline.weekday && make("span", { lang: languageOf(outline.weekday) }, outline.weekday),
    outline.page && text("page", { page: outline.page }),
    outline.section && make("span", { lang: languageOf(outline.section) }, outline.section),
    article?.place && make("span", { lang: languageOf(article.place) }, article.place),
    make("span", { class: "file" }, read.source),
  ]));
}

/** Show the document with the words marked that the address names. */
function open() {
  const spans = spansOf(location.hash);
  const inside = spans?.filter(([, end]) => end <= read.length) ?? [];
  const wrong = location.hash.length > 1 && (!spans || inside.length < spans.length);
  tell(byId("problem"), wrong ? text("web_problem_place") : "");
  head(inside);
  byId("text").replaceChildren(...articles(read, inside));
  showPages(address, inside).then((pictured) => { if (pictured) point(); }, (error) => tell(byId("problem"), error.message));
  point();
}

/** Bring the marked words into view, and the keyboard and the screen reader to them. */
function point() {
  const marks = [...document.querySelectorAll("mark.quoted")];
  if (!marks.length) return;
  const first = marks[0];
  first.id = "quoted";
  first.tabIndex = -1;
  first.scrollIntoView({ block: "center" });
  first.focus({ preventScroll: true });
  byId("status").textContent = text("web_opened_at", { quote: marks.map((mark) => mark.textContent).join("") });
}

async function copy() {
  try {
    await navigator.clipboard.writeText(location.href);
    byId("copy").textContent = text("web_copied");
  } catch {
    // Without leave for the clipboard, or without TLS, the address bar has the same link.
    byId("copy").textContent = location.href;
  }
}

function tools() {
  const original = byId("original");
  original.href = `${address}/original`;
  original.addEventListener("click", (event) => {
    if (!hasKey()) return;
    event.preventDefault();
    save(`${address}/original`, read.source.split("/").at(-1)).catch((error) => tell(byId("problem"), error.message));
  });
  byId("copy").addEventListener("click", copy);
  byId("tools").hidden = false;
}

try {
  read = await readDocument(id);
  read.length = [...read.text].length;
  tools();
  open();
  addEventListener("hashchange", open);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  tell(byId("problem"), error.message);
} finally {
  main.removeAttribute("aria-busy");
  main.dataset.ready = "true";
}
