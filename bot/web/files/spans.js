// Places in a text. The API counts Unicode code points, scripts count UTF-16 units.

/** A text that is cut by code points. */
export class Points {
  #text;
  #at = null;

  constructor(text) {
    this.#text = text;
    this.length = text.length;
    if (/[\ud800-\udfff]/.test(text)) {
      const at = [];
      let unit = 0;
      for (const point of text) {
        at.push(unit);
        unit += point.length;
      }
      at.push(unit);
      this.#at = at;
      this.length = at.length - 1;
    }
  }

  slice(start, end) {
    return this.#at ? this.#text.slice(this.#at[start], this.#at[end]) : this.#text.slice(start, end);
  }
}

/** Write spans as the end of an address: `#c123-170,200-230`. */
export const anchor = (spans) => `#c${spans.map(([start, end]) => `${start}-${end}`).join(",")}`;

/** Read the spans of an address's end; null when it names none. */
export function spansOf(hash) {
  if (!/^#c\d+-\d+(,\d+-\d+)*$/.test(hash)) return null;
  const spans = hash.slice(2).split(",").map((pair) => pair.split("-").map(Number));
  return spans.every(([start, end]) => start < end) ? spans : null;
}

/** Cut `[start, end)` at the edges of `marks`; gives [start, end, marked] pieces, in order. */
export function cut(start, end, marks) {
  const pieces = [];
  let at = start;
  for (const [from, to] of marks.map(([a, b]) => [Math.max(a, start), Math.min(b, end)]).sort((a, b) => a[0] - b[0])) {
    const begin = Math.max(from, at);
    if (begin >= to) continue;
    if (begin > at) pieces.push([at, begin, false]);
    pieces.push([begin, to, true]);
    at = to;
  }
  if (at < end) pieces.push([at, end, false]);
  return pieces;
}
