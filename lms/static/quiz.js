// The quiz's page: each answer is kept on this device, then sent; handing in waits until all are saved. Without this
// script the same page is a form that saves when it is sent.

import { Box } from "./boxes.js";
import { ServerClock, watchTime } from "./clock.js";
import { Drafts } from "./drafts.js";
import { Queue, wired } from "./sending.js";
import { Standing } from "./standing.js";

const form = document.querySelector("[data-lms-quiz]");
const texts = form.dataset;
const tab = newId();
const clock = new ServerClock(Number(texts.now));
const drafts = new Drafts(texts.attempt, texts.key);
const boxes = new Map([...form.querySelectorAll("[data-question]")].map((element) => {
  const box = new Box(element, form, decided);
  return [box.position, box];
}));
const queue = new Queue({
  address: texts.save, token: form.elements.csrf_token.value, drafts, now: () => clock.now(), told, changed,
});
const standing = new Standing(form, boxes, queue);
const REST = 1500; // ms
const written = new Set(); // the boxes in which something was written that is not yet an answer
let resting = null;
let sequence = 0;
let isHandingIn = false;

// crypto.randomUUID exists on secure pages only; a host on plain HTTP has getRandomValues all the same.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function isText(input) { return input.tagName === "TEXTAREA" || (input.tagName === "INPUT" && input.type === "text"); }

function answer(box) {
  sequence += 1;
  const { position: question, values, known: base } = box;
  const given = Math.round(clock.now());
  queue.add({ id: newId(), tab, question, values, sequence, base, given, after: queue.latest(question)?.id });
  box.settle();
  if (queue.trouble) changed();
  else box.saySaving();
  standing.show();
}

function decided(box) {
  if (box) answer(box);
  else standing.show();
}

// What became of an answer. Only the newest of a question is shown: one that was replaced here meanwhile is history.
function told(entry, { number, aside, isLate, isClosed, error }) {
  const box = boxes.get(entry.question);
  if (!box || queue.latest(entry.question)) return;
  box.isLate = Boolean(isLate);
  if (error) return box.say("refused", `${texts.refused} ${error}`);
  if (isClosed) return box.say("closed", texts.closed);
  if (aside) return box.setAside(entry.values, aside);
  box.known = number;
  return box.say(isLate ? "late" : "saved", isLate ? texts.late : texts.saved);
}

// Something about the sending changed: say so at each question that waits, and for the page.
function changed() {
  for (const input of document.querySelectorAll("[data-lms-own] [name=csrf_token]")) input.value = queue.token;
  if (queue.trouble) {
    const text = queue.areKept ? texts.waiting : texts.keepOpen;
    for (const question of queue.questions) boxes.get(question)?.say("waiting", text);
  }
  standing.show();
}

// What an earlier page did not get rid of is chosen again and sent, unless the learner has been quicker.
async function restore() {
  const entries = await drafts.list();
  const mine = new Set(queue.questions);
  const newest = new Map(entries.map((entry) => [entry.question, entry]));
  for (const [question, entry] of newest) {
    const box = boxes.get(question);
    if (!box || mine.has(question)) continue;
    box.values = entry.values;
    box.saySaving();
  }
  queue.adopt(entries);
  changed();
  await drafts.sweep(clock.now());
}

async function handIn(event) {
  event.preventDefault();
  if (isHandingIn) return; // a second click
  isHandingIn = true;
  standing.stop("");
  sendWritten();
  form.setAttribute("aria-busy", "true");
  const isSent = (await queue.flush()) || (await queue.flush()); // the first may have been under way, and failing
  const isHanding = !event.submitter?.hasAttribute("formaction");
  form.removeAttribute("aria-busy");
  if (!isSent || (isHanding && standing.asides.length)) {
    isHandingIn = false;
    const advice = isSent ? standing.words : `${standing.words} ${texts.tryAgain}`;
    standing.stop(isHanding ? texts.notHandedIn : texts.notSent, advice);
    return;
  }
  form.elements.tab.value = tab; // the same page, one answer later
  form.elements.sequence.value = sequence + 1;
  // The server holds late answers back from the page, so it would take the same ones for new.
  for (const box of boxes.values()) if (box.isLate) box.element.disabled = true;
  if (!isHanding) form.action = event.submitter.formAction;
  HTMLFormElement.prototype.submit.call(form);
}

async function saveFile() {
  const file = await drafts.file(queue.pending.map(wired));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${texts.attempt.slice(0, 8)}.answers`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000); // after any browser has read it
  standing.filed.textContent = texts.filed;
}

// Signing out clears this device: who still has answers on the way is asked first.
function guard(event) {
  const leaving = event.target.closest("[data-lms-sign-out]");
  const isAct = leaving && (event.type === "submit" || leaving.tagName === "A");
  if (isAct && queue.pending.length && !confirm(texts.signOut)) event.preventDefault();
}

function comeBack() {
  if (document.visibilityState === "hidden") return sendWritten();
  if (texts.deadline) clock.check();
  if (queue.pending.length) queue.flush();
}

function boxOf(event) {
  const element = /^q\d/.test(event.target.name ?? "") && event.target.closest("[data-question]");
  return element && boxes.get(Number(element.dataset.question));
}

// What is being written is sent when the writer rests or leaves the field, not at each letter.
function write(event) {
  const box = boxOf(event);
  if (!box || !isText(event.target)) return;
  clearTimeout(resting);
  written.add(box);
  resting = setTimeout(sendWritten, REST);
}

function sendWritten() {
  clearTimeout(resting);
  for (const box of written) answer(box);
  written.clear();
}

form.addEventListener("input", write);
form.addEventListener("change", (event) => {
  const box = boxOf(event);
  if (!box || (isText(event.target) && !written.has(box))) return; // it is on its way already
  written.delete(box);
  answer(box);
});
// In a field of one line, Enter would hand in.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.tagName === "INPUT" && isText(event.target)) event.preventDefault();
});
form.addEventListener("submit", handIn);
document.addEventListener("submit", guard);
document.addEventListener("click", guard);
document.addEventListener("visibilitychange", comeBack);
for (const name of ["online", "focus"]) window.addEventListener(name, comeBack);
window.addEventListener("offline", changed);
window.addEventListener("pagehide", () => {
  sendWritten();
  queue.lastTry();
});
window.addEventListener("pageshow", () => { // back from the page after: as it was before handing in
  isHandingIn = false;
  for (const box of boxes.values()) box.element.disabled = false;
});
window.addEventListener("beforeunload", (event) => {
  if (queue.pending.length && !queue.areKept && !isHandingIn) event.preventDefault();
});
standing.file.addEventListener("click", saveFile);
if (texts.deadline) watchTime(clock, Number(texts.deadline), standing.time, (text) => standing.tell(text));
standing.begin();
for (const box of boxes.values()) if (box.isTouched) answer(box); // on a slow line the page is there first
restore();
