// The time that is left, by the server's clock. The device's own may be years off and is not asked.

const WARNINGS = [5, 2]; // minutes before the end, each told once
const MINUTE = 60000; // ms
const LOOK_EVERY = 5000; // ms
const APART = 5000; // ms by which the two clocks of a device may differ before we ask the server

export class ServerClock {
  // `served` is the server's instant, in ms, when it answered with this page.
  constructor(served) {
    const began = performance.getEntriesByType?.("navigation")[0]?.responseStart ?? performance.now();
    this.set(served + performance.now() - began);
  }

  set(now) {
    this.offset = now - performance.now();
    this.gap = Date.now() - performance.now();
  }

  now() { return performance.now() + this.offset; }

  // performance.now() may stand still while the device sleeps, and Date may be set meanwhile: where the two came
  // apart, only the server knows.
  async check() {
    if (Math.abs(Date.now() - performance.now() - this.gap) < APART) return;
    try {
      const response = await fetch(location.href, { method: "HEAD", cache: "no-store", redirect: "error" });
      const now = Date.parse(response.headers.get("Date"));
      if (now) this.set(now);
    } catch {
      // no link: looked at again with the next
    }
  }
}

// "1 hour, 20 minutes" in the page's language, which knows its plurals.
export function inWords(minutes, language) {
  const parts = [["hour", Math.floor(minutes / 60)], ["minute", minutes % 60]].filter(([, count]) => count);
  const words = parts.map(([unit, count]) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count));
  return new Intl.ListFormat(language, { type: "unit" }).format(words);
}

// Keeps `line` true and says the warnings with `tell`.
export function watchTime(clock, deadline, line, tell) {
  const texts = line.dataset;
  let warned = Infinity;

  function look() {
    const minutes = Math.ceil((deadline - clock.now()) / MINUTE);
    const left = inWords(Math.max(minutes, 1), document.documentElement.lang || undefined);
    const text = minutes < 1 ? texts.over : minutes === 1 ? texts.last : texts.left.replace("{time}", left);
    if (line.textContent !== text) line.textContent = text;
    const reached = minutes < 1 ? 0 : WARNINGS.findLast((warning) => minutes <= warning) ?? Infinity;
    if (reached < warned) tell(text);
    warned = Math.min(warned, reached);
  }

  line.hidden = false;
  look();
  setInterval(look, LOOK_EVERY);
  return look;
}
