// The sentences of the page's language, and how that language writes numbers, days and lists.

const root = document.documentElement;
export const language = root.dataset.language;
export const assets = root.dataset.assets;
const tag = root.lang;
const plural = new Intl.PluralRules(tag);
const numbers = new Intl.NumberFormat(tag);
const day = new Intl.DateTimeFormat(tag, { dateStyle: "long", timeZone: "UTC" });
const month = new Intl.DateTimeFormat(tag, { year: "numeric", month: "long", timeZone: "UTC" });

const texts = await (await fetch(`${assets}/wording/${language}.json`, { credentials: "same-origin" })).json();

export const has = (key) => Object.hasOwn(texts, key);

/** Give a sentence with its named places filled; `count` chooses the plural form. */
export function text(key, values = {}) {
  let template = texts[key];
  if (typeof template === "object") template = template[plural.select(values.count)] ?? template.other;
  return template.replace(/\{([a-z_]+)\}/g, (_, name) =>
    typeof values[name] === "number" && name === "count" ? numbers.format(values[name]) : String(values[name]));
}

export const number = (value) => numbers.format(value);
export const listing = (items) => items.join(/^(ja|zh)/.test(tag) ? "、" : ", ");

/** Write an ISO 8601 day, month or year; anything else comes back as it is. */
export function date(iso) {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(iso);
  if (!parts) return iso;
  const at = new Date(Date.UTC(+parts[1], (parts[2] ?? 1) - 1, parts[3] ?? 1));
  if (Number.isNaN(at.valueOf()) || !parts[2]) return iso;
  return (parts[3] ? day : month).format(at);
}

const kana = /[\u3041-\u30ff]/;
const hangul = /[\uac00-\ud7a3]/;
const han = /\p{Script=Han}/u;
const cyrillic = /\p{Script=Cyrillic}/u;
// Frequent characters that only one of the two ways of writing Chinese has.
const traditional = /[這個們來時國為說過對學會後經現發動開關問門見車長東風馬爲與產業務際實當應該還進運達選區縣鎮鄉]/;

/** Tell the language of words of the archive by their script, as far as fonts and voices need it. */
export function languageOf(words) {
  if (kana.test(words)) return "ja";
  if (hangul.test(words)) return "ko";
  if (han.test(words)) return traditional.test(words) ? "zh-Hant" : "zh-Hans";
  return cyrillic.test(words) ? "ru" : "";
}
