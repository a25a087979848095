// What each question shows: what is chosen, what became of it in words, and another page's answer where one stands.

const SLOW = 700; // ms after which it is worth a word that an answer is on its way

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
  }

  get inputs() { return [...this.element.querySelectorAll(`[name="q${this.position}"]`)]; }

  get values() { return new FormData(this.form).getAll(`q${this.position}`); }

  set values(values) {
    for (const input of this.inputs) input.checked = values.includes(input.value);
  }

  // Whether the learner chose something before this script was there; the browser brings nothing back into this form.
  get isTouched() { return this.inputs.some((input) => input.checked !== input.defaultChecked); }

  // The newest answer that this page knows of, by its number in the server's log.
  get known() { return Number(this.base.value); }

  set known(number) { this.base.value = Math.max(this.known, number); }

  // The phrases of the options, as they can be read above.
  phrases(values) {
    const chosen = this.inputs.filter((input) => values.includes(input.value));
    const phrases = chosen.map((input) => input.closest("label").textContent.trim().replace(/\s+/g, " "));
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
    (this.inputs.find((input) => input.checked) ?? this.inputs[0]).focus(); // the button that had it is gone
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
