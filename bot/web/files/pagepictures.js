// The pages of a scan or PDF beside its text, with the quote's box.

import { get, hasKey, send } from "./api.js";
import { button, byId, make } from "./frame.js";
import { text } from "./wording.js";

/** Show the page of the words at `spans`; gives whether the document has pages at all. */
export async function showPages(address, spans) {
  const asked = spans.map(([start, end]) => `${start}-${end}`).join(",");
  const { pages, places } = await get(`${address}/pages?spans=${asked}`);
  const section = byId("pages");
  section.hidden = !pages.length;
  byId("main").classList.toggle("pictured", pages.length > 0);
  if (!pages.length) return false;
  let at = Math.max(0, pages.findIndex((page) => page.number === places[0]?.page));
  const picture = make("div", { class: "picture", tabindex: "0", role: "group" });
  const note = make("span", { role: "status" });
  const turn = (by) => () => { at += by; show(); };
  const back = button("←", turn(-1), { class: "plain", "aria-label": text("web_page_before") });
  const on = button("→", turn(1), { class: "plain", "aria-label": text("web_page_after") });

  async function show() {
    const page = pages[at];
    const label = text("web_page_of", { page: page.number, pages: pages.length });
    const image = make("img", { alt: label, width: Math.round(page.width), height: Math.round(page.height) });
    image.src = await addressOf(`${address}/pages/${page.number}.png`);
    const frames = places.filter((place) => place.page === page.number).map(({ box }) => frame(box, page));
    picture.setAttribute("aria-label", label);
    picture.replaceChildren(make("div", { class: "leaf" }, image, frames));
    note.textContent = label;
    back.disabled = at === 0;
    on.disabled = at === pages.length - 1;
    const first = frames[0];
    if (first) picture.scrollTop = first.offsetTop + first.offsetHeight / 2 - picture.clientHeight / 2;
  }

  section.replaceChildren(picture, make("p", { class: "turning", hidden: pages.length === 1 }, back, note, on));
  await show();
  return true;
}

function frame(box, page) {
  const made = make("div", { class: "frame" });
  const share = (value, of) => `${(100 * value) / of}%`;
  made.style.left = share(box.left, page.width);
  made.style.top = share(box.top, page.height);
  made.style.width = share(box.right - box.left, page.width);
  made.style.height = share(box.bottom - box.top, page.height);
  return made;
}

/** Give an address that an image can be shown from: with a key the picture is fetched first. */
async function addressOf(path) {
  if (!hasKey()) return path;
  return URL.createObjectURL(await (await send(path)).blob());
}
