// Keeps answers on this device until the server has them, so that a closed browser or an empty battery loses none.
// What lies in the store tells nobody anything: each answer is sealed (AES-256-GCM) with the attempt's own key, which
// comes with the page of its signed-in learner and is never stored. Where the browser cannot do that (plain HTTP,
// private windows), nothing is stored, and the page says that it must stay open.

const NAME = "lms-answers";
const TABLE = "drafts";
const LONGEST_LIFE = 30 * 24 * 3600 * 1000; // ms; by the server's clock: a device that is years off deletes nothing
const LONGEST_OPENING = 4000; // ms; some browsers never answer where they do not let a page store anything
const FORMAT = "lms-answers-1";

const answered = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const committed = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error);
});

function fromBase64(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

async function openDatabase() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(TABLE, { keyPath: "id" }).createIndex("attempt", "attempt");
  };
  const tooLong = new Promise((_resolve, reject) => setTimeout(reject, LONGEST_OPENING));
  const database = await Promise.race([answered(request), tooLong]);
  database.onversionchange = () => database.close(); // signing out elsewhere deletes it: do not stand in the way
  return database;
}

// The drafts of one attempt; `key` is base64url. Nothing here fails: what the browser cannot do is left out.
export class Drafts {
  constructor(attempt, key) {
    this.attempt = attempt;
    this.key = null;
    this.database = null;
    this.areKept = true; // whether an answer outlives this page
    this.opening = this.start(key);
  }

  async start(key) {
    try {
      this.key = await crypto.subtle.importKey("raw", fromBase64(key), "AES-GCM", false, ["encrypt", "decrypt"]);
      this.database = await openDatabase();
    } catch {
      this.areKept = false; // plain HTTP has no crypto.subtle, a private window may have no store
    }
  }

  get canSeal() { return this.key !== null; }

  // Store an answer; `at` is the instant in ms. Resolves when it is on the disk, or cannot be.
  async keep(entry, at) {
    await this.opening;
    if (!this.areKept) return;
    try {
      const record = { id: entry.id, attempt: this.attempt, at, ...(await this.seal(entry)) };
      // Strict: the transaction ends when the disk has it, not when the system has heard of it.
      const transaction = this.database.transaction(TABLE, "readwrite", { durability: "strict" });
      transaction.objectStore(TABLE).put(record);
      await committed(transaction);
    } catch {
      this.areKept = false; // full, or taken away by a sign-out: from now on the page says that it must stay open
    }
  }

  // The stored answers of this attempt in the order in which they were given.
  async list() {
    await this.opening;
    const all = (store) => answered(store.index("attempt").getAll(this.attempt));
    const records = (await this.within("readonly", all)) ?? [];
    const opened = await Promise.all(records.map((record) => this.open(record)));
    return opened.filter(Boolean).sort((a, b) => a.at - b.at || a.entry.sequence - b.entry.sequence)
      .map((draft) => draft.entry);
  }

  // What cannot be dropped is sent once more by the next page, and the server takes each id once.
  async drop(ids) {
    await this.within("readwrite", (store) => ids.forEach((id) => store.delete(id)));
  }

  // Remove what nobody came back for, of whichever attempt; those of this attempt are sent instead.
  async sweep(now) {
    await this.within("readwrite", async (store) => {
      for (const record of await answered(store.getAll())) {
        if (record.attempt !== this.attempt && record.at < now - LONGEST_LIFE) store.delete(record.id);
      }
    });
  }

  async within(mode, act) {
    try {
      const transaction = this.database.transaction(TABLE, mode);
      const isDone = committed(transaction);
      isDone.catch(() => {}); // where `act` fails first
      const result = await act(transaction.objectStore(TABLE));
      await isDone;
      return result;
    } catch {
      return null; // no store, or it was taken away
    }
  }

  // A file that the server takes in place of sending (lms/services/sealed_answers.py).
  async file(entries) {
    const sealed = await Promise.all(entries.map((entry) => this.seal(entry)));
    const answers = sealed.map((one) => ({ iv: toBase64(one.iv), sealed: toBase64(one.sealed) }));
    return new Blob([JSON.stringify({ format: FORMAT, attempt: this.attempt, answers })]);
  }

  // Another attempt's reference does not open it: it is bound to this one.
  cipher(iv) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(this.attempt) };
  }

  async seal(entry) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(entry));
    return { iv, sealed: await crypto.subtle.encrypt(this.cipher(iv), this.key, plain) };
  }

  async open(record) {
    try {
      const plain = await crypto.subtle.decrypt(this.cipher(record.iv), this.key, record.sealed);
      return { at: record.at, entry: JSON.parse(new TextDecoder().decode(plain)) };
    } catch {
      return null; // damaged: it goes with the thirty days
    }
  }
}
