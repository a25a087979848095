// Saves each answer when it is given, and keeps trying while the link is bad. An answer counts as saved only when the
// server sends its id back. Without this script the same page is a form that saves when it is sent.
"use strict";

const form = document.querySelector("[data-lms-quiz]");
const waiting = new Map(); // question -> the newest answer that the server has not confirmed
const LONGEST_PAUSE = 30000;
const MOST_AT_ONCE = 50; // as many as the server takes in one request
let pause = 1000;
let timer = null;
let sending = false;

function show(question, state, text) {
  const line = form.querySelector(`[data-question="${question}"] .lms-save`);
  line.dataset.state = state;
  line.textContent = text;
}

// crypto.randomUUID exists on secure pages only; a host on plain HTTP has getRandomValues all the same.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function changed(event) {
  const box = event.target.closest("[data-question]");
  if (!box || !event.target.name.startsWith("q")) return;
  const question = Number(box.dataset.question);
  const values = new FormData(form).getAll(event.target.name);
  waiting.set(question, { id: newId(), question, values });
  show(question, "saving", form.dataset.saving);
  send();
}

async function send() {
  if (sending || waiting.size === 0) return;
  sending = true;
  clearTimeout(timer);
  const answers = [...waiting.values()].slice(0, MOST_AT_ONCE);
  try {
    const response = await fetch(form.dataset.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": form.elements.csrf_token.value },
      body: JSON.stringify({ answers }),
    });
    const body = await response.json(); // a captive portal's page is no JSON, and so no receipt
    if (response.ok) confirmed(answers, body);
    else refused(answers, response.status, body);
  } catch {
    later(answers, form.dataset.waiting);
  }
  sending = false;
  if (waiting.size && !timer) send();
}

function confirmed(answers, body) {
  pause = 1000;
  form.elements.csrf_token.value = body.csrf_token;
  for (const answer of answers) {
    if (!body.stored.includes(answer.id)) continue;
    if (waiting.get(answer.question) === answer) {
      waiting.delete(answer.question);
      show(answer.question, "saved", form.dataset.saved);
    }
  }
}

function refused(answers, status, body) {
  if (body.csrf_token) { // signed in again in another window: the same answers with the new session's token
    form.elements.csrf_token.value = body.csrf_token;
    later(answers, form.dataset.waiting);
  } else if (status === 401) later(answers, form.dataset.signedOut);
  else if (status === 429 || status >= 500) later(answers, form.dataset.waiting);
  else for (const answer of answers) {
    if (waiting.get(answer.question) === answer) waiting.delete(answer.question);
    show(answer.question, "waiting", `${form.dataset.refused} ${body.error}`);
  }
}

function later(answers, text) {
  for (const answer of answers) show(answer.question, "waiting", text);
  timer = setTimeout(() => { timer = null; send(); }, pause * (0.5 + Math.random()));
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}

if (form) {
  form.addEventListener("change", changed);
  for (const event of ["online", "focus"]) window.addEventListener(event, () => { timer = null; send(); });
  window.addEventListener("beforeunload", (event) => { if (waiting.size && !form.dataset.sent) event.preventDefault(); });
  form.addEventListener("submit", () => { form.dataset.sent = "1"; });
}
