// Taking files into the archive.

import { get, Problem } from "./api.js";
import { byId, make } from "./frame.js";
import { text } from "./wording.js";

const EVERY = 500;
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function follow(job, bar, note) {
  while (job.status === "queued" || job.status === "running") {
    note.textContent = text("web_upload_reading");
    if (job.total > 1) bar.value = job.done / job.total;
    else bar.removeAttribute("value");
    await pause(EVERY);
    job = await get(`/v1/jobs/${encodeURIComponent(job.id)}`);
  }
  return job;
}

async function take(file, done) {
  const bar = make("progress", { max: 1, "aria-label": file.name });
  const note = make("span", { role: "status" }, text("web_upload_sending"));
  const item = make("li", {}, make("span", { class: "file" }, file.name), " ", bar, " ", note);
  byId("uploads").prepend(item);
  try {
    const body = new FormData();
    body.append("file", file);
    const job = await follow(await get("/v1/documents", { method: "POST", body }), bar, note);
    if (job.status === "failed") {
      note.textContent = text("web_upload_failed", { reason: job.error });
      item.classList.add("failed");
    } else {
      note.replaceChildren(text("web_upload_done"), " ",
        make("a", { href: `/source/${encodeURIComponent(job.document_id)}` }, text("web_open_source")));
      await done();
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    note.textContent = error.message;
    item.classList.add("failed");
  } finally {
    bar.remove();
  }
}

/** Let the reader send files; `done` is called after each that was taken in. */
export function offerUpload(done) {
  const input = byId("upload");
  const drop = byId("drop");
  const takeAll = async (files) => {
    for (const file of files) await take(file, done);
  };
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    takeAll(files);
  });
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    takeAll([...event.dataTransfer.files]);
  });
}
