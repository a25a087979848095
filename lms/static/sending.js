// Sends answers in their order and believes nothing but a receipt: an answer leaves the queue, and the device, when
// the server has sent its id back. Whatever else comes back, it waits and goes again.

const MOST_AT_ONCE = 50; // as many as the server takes in one request
const FIRST_PAUSE = 1000; // ms
const LONGEST_PAUSE = 30000; // ms
const LONGEST_WAIT = 45000; // ms for one request: a stalled line is longer about it than a slow one

// What stands in the way; "" where nothing does.
export const TROUBLE = { none: "", link: "link", signedOut: "signedOut", foreign: "foreign" };

// An answer as the server takes it; `after` stays here (see Queue.batch).
export function wired({ id, question, values, sequence, base, given, tab }) {
  return { id, question, values, sequence, base, given, tab };
}

export class Queue {
  // `told(entry, outcome)` hears what became of an answer, `changed()` that something about the whole has changed.
  constructor({ address, drafts, now, token, told, changed }) {
    Object.assign(this, { address, drafts, now, token, told, changed });
    this.pending = []; // in the order in which they were given
    this.kept = Promise.resolve(); // when all of them are on the disk
    this.most = MOST_AT_ONCE;
    this.tries = 0;
    this.least = 0; // ms that the server asked us to wait
    this.trouble = TROUBLE.none;
    this.timer = null;
    this.running = null;
    this.hasNewToken = false;
  }

  get areKept() { return this.drafts.areKept; }

  // The questions that have an answer on the way.
  get questions() { return new Set(this.pending.map((entry) => entry.question)); }

  latest(question) { return this.pending.findLast((entry) => entry.question === question); }

  // Onto the disk first, then on its way.
  add(entry) {
    this.pending.push(entry);
    this.keep(entry);
    this.flush();
  }

  // Answers of pages that are no more, as they were given.
  adopt(entries) {
    const known = new Set(this.pending.map((entry) => entry.id));
    this.pending.unshift(...entries.filter((entry) => !known.has(entry.id)));
    this.flush();
  }

  keep(entry) {
    this.kept = this.kept.then(() => this.drafts.keep(entry, this.now()));
  }

  // Send until nothing is left or something fails; resolves to whether nothing is left.
  flush() {
    clearTimeout(this.timer);
    if (!this.pending.length) return Promise.resolve(true);
    this.running ??= this.run();
    return this.running;
  }

  async run() {
    let isGoingOn = true;
    while (isGoingOn && this.pending.length) {
      await this.kept;
      const batch = this.batch();
      isGoingOn = await this.judge(batch, await post(this.address, this.token, batch));
      this.changed();
    }
    this.running = null;
    if (this.pending.length) this.again();
    return this.pending.length === 0;
  }

  // Full jitter: a thousand browsers that lost the same line do not come back in the same second.
  again() {
    const pause = Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.tries);
    this.timer = setTimeout(() => this.flush(), Math.max(this.least, pause));
  }

  // The page is about to go: one more try that outlives it. No receipt is heard, so nothing leaves the store for it.
  lastTry() {
    if (this.pending.length) post(this.address, this.token, this.batch(), true);
  }

  // What can go now. An answer that was given in sight of an earlier page's unsent one waits for the number of that
  // one: with it as its base it counts as the later word, and without it the server would see two pages at odds.
  batch() {
    const unsent = new Map(this.pending.map((entry) => [entry.id, entry]));
    const isFree = (entry) => {
      const before = unsent.get(entry.after);
      return !before || (before.tab === entry.tab && isFree(before));
    };
    return this.pending.filter(isFree).slice(0, this.most);
  }

  // Whether to go on at once.
  async judge(batch, reply) {
    if (!reply) return this.fail(TROUBLE.link);
    const { status, body } = reply;
    this.least = reply.wait;
    if (typeof body.csrf_token === "string") this.token = body.csrf_token;
    if (status === 200) return this.confirm(batch, body);
    // Signed in again in another window: the same answers, once, with the token of the new session.
    if (status === 400 && body.csrf_token && !this.hasNewToken) {
      this.hasNewToken = true;
      return true;
    }
    if (status === 401) return this.fail(TROUBLE.signedOut);
    if (status === 403 || status === 404) return this.fail(TROUBLE.foreign);
    if (status === 422) return this.refuse(batch, body.error);
    return this.fail(TROUBLE.link);
  }

  fail(trouble) {
    this.tries += 1;
    this.trouble = trouble;
    this.hasNewToken = false;
    return false;
  }

  async confirm(batch, body) {
    const { stored, aside } = body;
    const done = batch.filter((entry) => Number.isInteger(stored?.[entry.id]));
    if (!done.length) return this.fail(TROUBLE.link); // a captive portal may answer anything with 200
    this.tries = 0;
    this.trouble = TROUBLE.none;
    this.hasNewToken = false;
    const others = new Map((aside ?? []).map((other) => [other.id, other]));
    this.pending = this.pending.filter((entry) => !done.includes(entry));
    for (const entry of done) {
      const other = others.get(entry.id);
      if (!other) this.build(entry.id, stored[entry.id]);
      this.told(entry, { number: stored[entry.id], aside: other, isLate: body.late, isClosed: body.closed });
    }
    await this.drafts.drop(done.map((entry) => entry.id));
    return true;
  }

  // Answers that were given in sight of this one build on its number.
  build(id, number) {
    for (const entry of this.pending.filter((later) => later.after === id)) {
      entry.base = Math.max(entry.base, number);
      this.keep(entry);
      this.build(entry.id, number);
    }
  }

  // One of them cannot be taken: find out which, one by one.
  async refuse(batch, error) {
    this.most = batch.length > 1 ? 1 : MOST_AT_ONCE;
    if (batch.length > 1) return true;
    const [entry] = batch;
    this.pending = this.pending.filter((other) => other !== entry);
    this.told(entry, { error });
    await this.drafts.drop([entry.id]);
    return true;
  }
}

// Status and JSON of the server's answer; null where none came, or something that is no answer of ours.
async function post(address, token, entries, keepalive = false) {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
      body: JSON.stringify({ answers: entries.map(wired) }),
      redirect: "error", // we lead nowhere else; a captive portal does
      keepalive,
      signal: keepalive ? undefined : AbortSignal.timeout?.(LONGEST_WAIT),
    });
    const body = await response.json();
    const wait = 1000 * Number(response.headers.get("Retry-After")) || 0;
    return body && typeof body === "object" ? { status: response.status, body, wait } : null;
  } catch {
    return null;
  }
}
