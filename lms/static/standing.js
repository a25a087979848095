// Where the page as a whole stands: one line of words, the way out where no link comes back, and what stops handing in.

import { TROUBLE } from "./sending.js";

const TRIES_BEFORE_A_FILE = 2;

export class Standing {
  constructor(form, boxes, queue) {
    Object.assign(this, { form, boxes, queue });
    this.bar = form.querySelector("[data-lms-standing]");
    this.line = this.bar.querySelector("[data-lms-state]");
    this.done = this.bar.querySelector("[data-lms-done]");
    this.voice = this.bar.querySelector("[data-lms-voice]");
    this.time = this.bar.querySelector("[data-lms-time]");
    this.file = this.bar.querySelector("[data-lms-file]");
    this.signIn = this.bar.querySelector("[data-lms-sign-in]");
    this.filed = this.bar.querySelector("[data-lms-filed]");
    this.alert = form.querySelector("[data-lms-stop]");
    this.kind = "saved";
  }

  begin() {
    const how = document.querySelector("[data-lms-how]");
    how.textContent = how.dataset.lmsHow;
    this.bar.hidden = false;
    this.show();
  }

  // The questions where another page's answer stands and nobody has decided.
  get asides() { return [...this.boxes.values()].filter((box) => box.isAside).map((box) => box.position); }

  get kindNow() {
    const { queue } = this;
    if ([...this.boxes.values()].some((box) => box.line.dataset.state === "closed")) return "closed";
    if (!queue.pending.length) return this.asides.length ? "aside" : "saved";
    if (queue.trouble === TROUBLE.signedOut || queue.trouble === TROUBLE.foreign) return queue.trouble;
    if (!queue.trouble && navigator.onLine) return "saving";
    return queue.areKept ? "link" : "keepOpen";
  }

  get words() { return this.line.textContent; }

  show() {
    const all = [...this.boxes.values()];
    const texts = this.bar.dataset;
    const kind = this.kindNow;
    const done = all.filter((box) => box.values.length).length;
    const count = this.queue.questions.size;
    this.done.textContent = texts.done.replace("{done}", done).replace("{all}", all.length);
    this.line.textContent = texts[kind].replace("{count}", count).replace("{questions}", this.asides.join(", "));
    this.bar.dataset.state = kind;
    this.signIn.hidden = kind !== "signedOut";
    const isStuck = this.queue.trouble && (this.queue.tries >= TRIES_BEFORE_A_FILE || !navigator.onLine);
    this.file.hidden = !(count && isStuck && this.queue.drafts.canSeal);
    if (kind === "saved") this.stop("");
    if (!count) this.filed.textContent = "";
    if (kind === "saving") return; // on a good line there is nothing to tell
    if (kind !== this.kind) this.tell(this.line.textContent);
    this.kind = kind;
  }

  // Said once to who listens; each question says itself what became of its answer.
  tell(text) { this.voice.textContent = text; }

  // What keeps the learner on the page, with what to do; "" takes it away.
  stop(heading, text) {
    this.alert.hidden = !heading;
    this.alert.querySelector("h2").textContent = heading;
    this.alert.querySelector("p").textContent = text ?? "";
  }
}
