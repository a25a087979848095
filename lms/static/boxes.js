// What each question shows: what is chosen, what became of it in words, and another page's answer where one stands.

const SLOW = 700; // ms after which it is worth a word that an answer is on its way

function isChoice(input) { return input.type === "radio" || input.type === "checkbox"; }

function isFilled(input) { return input.type !== "hidden" && input.value.trim() !== ""; }

function plain(element) { return element.textContent.trim().replace(/\s+/g, " "); }

function phraseOf(input) { return plain(input.closest("label")); }

// What was written, or what a list shows for it, after the name of its field where it has one of its own.
function wordsOf(input, value) {
  const text = input.tagName === "SELECT" ? [...input.options].find((one) => one.value === value)?.text : value;
  const label = input.labels[0]?.querySelector(".lms-phrase");
  return label ? `${plain(label)}: ${text}` : text;
}

export class Box {
  // `act(box)` gives what is chosen as an answer; `act(null)` leaves what stands.
  constructor(element, form, act) {
    Object.assign(this, { element, form, act });
    this.position = Number(element.dataset.question);
    this.line = element.querySelector(".lms-save");
    this.base = form.elements[`base${this.position}`];
    this.timer = null;
    this.isAside = false;
    this.isLate = false;
    for (const kind of ["input", "change", "lms:shown"]) element.addEventListener(kind, (event) => this.checkText(event));
  }

  // Says where no number can be read: when the field is left, not while it is written.
  checkText(event) {
    const line = this.element.querySelector("[data-unreadable]");
    if (!line) return;
    const field = this.fields.find((input) => input.pattern);
    const isWrong = field.validity.patternMismatch;
    if (isWrong && event.type === "input") return;
    line.hidden = !isWrong;
    field.setAttribute("aria-invalid", String(isWrong));
  }

  // The fields of the question: what is chosen (radio buttons, ticks) comes before what is written or selected.
  get inputs() {
    const name = `q${this.position}`;
    return [...this.element.querySelectorAll("input, select, textarea")]
      .filter((input) => input.name === name || input.name.startsWith(`${name}.`));
  }

  get choices() { return this.inputs.filter(isChoice); }

  get fields() { return this.inputs.filter((input) => !isChoice(input)); }

  // As the form sends it; nothing where nothing is answered.
  get values() {
    const isAnswered = this.inputs.some((input) => (isChoice(input) ? input.checked : isFilled(input)));
    if (!isAnswered) return [];
    const chosen = this.choices.filter((input) => input.checked);
    return [...chosen, ...this.fields].map((input) => input.value);
  }

  // An answer's strings, and the inputs that they are for.
  parts(values) {
    const { choices, fields } = this;
    const count = Math.max(0, values.length - fields.length);
    return { choices, fields, chosen: values.slice(0, count), written: values.slice(count) };
  }

  set values(values) {
    const { choices, fields, chosen, written } = this.parts(values);
    for (const input of choices) input.checked = chosen.includes(input.value);
    fields.forEach((input, place) => { input.value = written[place] ?? (input.type === "hidden" ? input.value : ""); });
    this.element.dispatchEvent(new Event("lms:shown"));
  }

  // Whether the learner answered before this script was there; the browser brings nothing back into this form.
  get isTouched() {
    return this.inputs.some((input) => {
      if (isChoice(input)) return input.checked !== input.defaultChecked;
      if (input.tagName === "SELECT") { // where none is marked as selected, the first is
        return input.selectedIndex !== Math.max(0, [...input.options].findIndex((one) => one.defaultSelected));
      }
      return input.value !== input.defaultValue;
    });
  }

  // The newest answer that this page knows of, by its number in the server's log.
  get known() { return Number(this.base.value); }

  set known(number) { this.base.value = Math.max(this.known, number); }

  // An answer in words, as they can be read above.
  phrases(values) {
    const { choices, fields, chosen, written } = this.parts(values);
    const phrases = choices.filter((input) => chosen.includes(input.value)).map(phraseOf);
    fields.forEach((input, place) => {
      if (input.type !== "hidden" && written[place]) phrases.push(wordsOf(input, written[place]));
    });
    return phrases.join(" · ") || this.form.dataset.none;
  }

  say(state, text) {
    clearTimeout(this.timer);
    this.line.dataset.state = state;
    if (this.line.textContent !== text) this.line.textContent = text;
  }

  // On a good line "Saved" follows at once, and nobody needs to hear two things.
  saySaving() {
    this.say("saving", "");
    this.timer = setTimeout(() => this.say("saving", this.form.dataset.saving), SLOW);
  }

  // Another page's answer stands: check it here, and let the learner decide between the two.
  setAside(mine, other) {
    this.settle();
    this.isAside = true;
    this.known = other.base;
    this.values = other.values;
    this.say("aside", this.form.dataset.aside.replace("{answer}", () => this.phrases(other.values)));
    const part = document.getElementById("lms-aside").content.firstElementChild.cloneNode(true);
    const line = part.querySelector("p");
    line.textContent = line.dataset.mine.replace("{answer}", () => this.phrases(mine));
    const [use, keep] = part.querySelectorAll("button");
    use.addEventListener("click", () => this.decide(mine));
    keep.addEventListener("click", () => this.decide(null));
    this.line.after(part);
  }

  decide(mine) {
    this.settle();
    if (mine) this.values = mine;
    const seen = this.inputs.filter((input) => input.type !== "hidden");
    (seen.find((input) => input.checked) ?? seen[0]).focus(); // the button that had it is gone
    if (mine) {
      this.act(this);
    } else {
      this.say("saved", this.form.dataset.saved);
      this.act(null);
    }
  }

  settle() {
    this.isAside = false;
    this.element.querySelector(".lms-aside")?.remove();
  }
}
