// All that the pages ask of the server, and what can go wrong with it.

import { byId, tell } from "./frame.js";
import { has, number, text } from "./wording.js";

const KEPT = "wenju_key";
const PROBLEM = "application/problem+json";

/** Why a request failed, with words for the reader in `message`. */
export class Problem extends Error {
  constructor(slug, status, detail = "", wait = 0) {
    const key = `web_problem_${slug.replaceAll("-", "_")}`;
    super(has(key) ? text(key, { seconds: number(wait), detail }) : detail || text("web_problem_other"));
    this.slug = slug;
    this.status = status;
  }
}

const key = () => sessionStorage.getItem(KEPT) ?? localStorage.getItem(KEPT) ?? "";
export const hasKey = () => key() !== "";

/** Forget the key everywhere. */
export function forgetKey() {
  sessionStorage.removeItem(KEPT);
  localStorage.removeItem(KEPT);
}

const forget = byId("forget");
const known = () => { forget.hidden = !hasKey(); };
forget.addEventListener("click", () => { forgetKey(); known(); });
known();

let asking = null;

/** Have the reader give a key; rejects with `problem` when there is none to give. */
function wantKey(problem) {
  asking ??= new Promise((resolve, reject) => {
    const dialog = byId("key");
    const value = byId("key-value");
    value.value = "";
    tell(byId("key-problem"), problem.slug === "key-missing" ? "" : problem.message);
    dialog.addEventListener("close", () => {
      asking = null;
      const given = value.value.trim();
      value.value = "";
      if (dialog.returnValue !== "give" || !given) return reject(problem);
      forgetKey();
      (byId("key-remember").checked ? localStorage : sessionStorage).setItem(KEPT, given);
      known();
      resolve();
    }, { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  });
  return asking;
}

async function problemOf(response) {
  if (!(response.headers.get("content-type") ?? "").startsWith(PROBLEM)) return new Problem("other", response.status);
  return problemTold(await response.json(), Number(response.headers.get("retry-after")) || 0);
}

function problemTold(told, wait = 0) {
  const slug = told.type.replace("urn:wenju:problem:", "");
  const kind = slug.startsWith("archive-") && !["archive-empty", "archive-missing"].includes(slug) ? "unavailable" : slug;
  return new Problem(kind, told.status, told.detail, wait);
}

/** Send a request; gives the response, or throws a Problem. Asks for a key when the server does. */
export async function send(path, { method = "GET", json, body, headers = {}, signal } = {}) {
  for (;;) {
    const given = key();
    const all = { ...headers, ...(given ? { "X-API-Key": given } : {}) };
    if (json !== undefined) all["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(path, { method, headers: all, signal, body: json === undefined ? body : JSON.stringify(json) });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(navigator.onLine ? "unreachable" : "offline", 0);
    }
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (response.status !== 401) throw problem;
    await wantKey(problem);
  }
}

/** Send a request and read the JSON that answers it. */
export async function get(path, options) {
  const response = await send(path, options);
  return response.status === 204 ? null : response.json();
}

/** Send JSON and read the events that answer it, as [name, data]; throws a Problem when one is told or the stream breaks. */
export async function* events(path, json) {
  const response = await send(path, { method: "POST", json, headers: { Accept: "text/event-stream" } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = "";
  for (;;) {
    const { value, done } = await reader.read().catch(() => { throw new Problem(navigator.onLine ? "unreachable" : "offline", 0); });
    if (done) return;
    const blocks = (unread + value).split("\n\n");
    unread = blocks.pop();
    for (const block of blocks) {
      const told = /^event: (.*)\ndata: (.*)$/.exec(block);
      if (!told) continue; // a comment that bridges the waiting
      const data = JSON.parse(told[2]);
      if (told[1] === "problem") throw problemTold(data);
      yield [told[1], data];
    }
  }
}

const documents = new Map();

/** Give a document with its text and outline; each is fetched once. */
export function readDocument(id) {
  if (!documents.has(id)) {
    const reading = get(`/v1/documents/${encodeURIComponent(id)}`);
    reading.catch(() => documents.delete(id));
    documents.set(id, reading);
  }
  return documents.get(id);
}

/** Save a file that may need the key, which a plain link cannot send. */
export async function save(path, name) {
  const response = await send(path);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
