// What the search form does more with JavaScript: the weights' shares as they move, short addresses, plain messages.
"use strict";
(() => {
  const WEIGHTS = ["w_proximity", "w_qualification", "w_rating"];

  function showShares() {
    const form = document.getElementById("search-form");
    const sliders = WEIGHTS.map((name) => form.elements[name]);
    const sum = sliders.reduce((total, slider) => total + slider.valueAsNumber, 0);
    for (const slider of sliders) {
      const share = sum > 0 ? `${Math.round((100 * slider.valueAsNumber) / sum)}%` : "0%";
      form.querySelector(`output[for="${slider.name}"]`).textContent = share;
      slider.setAttribute("aria-valuetext", share);
    }
  }

  function say(sentence) {
    const box = document.getElementById("page-message");
    box.replaceChildren();
    if (!sentence) return;
    const notice = document.createElement("div");
    const paragraph = document.createElement("p");
    notice.className = "notice error";
    paragraph.textContent = sentence;
    notice.append(paragraph);
    box.append(notice);
  }

  document.addEventListener("input", (event) => {
    if (WEIGHTS.includes(event.target.name)) showShares();
  });

  // Fields left empty stay out of the address.
  document.addEventListener("htmx:config:request", ({ detail }) => {
    const fields = detail.ctx.request.body;
    const empty = [...fields.entries()].filter(([, value]) => value === "").map(([name]) => name);
    for (const name of new Set(empty)) if (name !== "near") fields.delete(name);
  });

  document.addEventListener("htmx:before:request", () => say(""));
  document.addEventListener("htmx:error", () => {
    say(document.getElementById("search-form").dataset.noAnswer);
  });

  // After a search that was sent by the form's button, a reader is led to what went wrong.
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    hideApply();
    if (detail.ctx?.sourceEvent?.type === "submit") document.getElementById("error-summary")?.focus();
  });

  function hideApply() {
    // Changes apply at once, so the button that applies them is not needed.
    for (const button of document.querySelectorAll("[data-apply]")) button.hidden = true;
  }

  document.addEventListener("DOMContentLoaded", () => {
    hideApply();
    showShares();
    document.getElementById("error-summary")?.focus();
  });
})();
