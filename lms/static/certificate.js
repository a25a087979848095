// The print button; without script the page says how to print.
"use strict";

for (const button of document.querySelectorAll("[data-lms-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
