// What every page has: making elements, the choice of the language, the note that the network is gone.

/** Make an element. Children that are no nodes become text, so nothing of the archive is ever read as markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** Make a button that does something. */
export function button(label, action, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", () => action(made));
  return made;
}

/** Set parts beside each other with dots between, which stay with the part before them; empty parts are left out. */
export function dotted(parts) {
  const known = parts.filter(Boolean);
  return known.flatMap((part, index) =>
    (index < known.length - 1 ? [part, make("span", { class: "dot", "aria-hidden": "true" }, "\u00a0· ")] : [part]));
}

export const byId = (id) => document.getElementById(id);

/** Show a problem's words in an element that is hidden while there is none. */
export function tell(element, words) {
  element.textContent = words;
  element.hidden = !words;
}

const choice = byId("language");
choice.addEventListener("change", () => {
  document.cookie = `wenju_language=${choice.value}; path=/; max-age=31536000; samesite=lax`;
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  if (url.href === location.href) location.reload();
  else location.replace(url);
});

const offline = byId("offline");
const connection = () => { offline.hidden = navigator.onLine; };
addEventListener("online", connection);
addEventListener("offline", connection);
connection();
