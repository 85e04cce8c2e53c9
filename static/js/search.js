// What the search does more with JavaScript: the weights' shares as they move, short addresses, plain messages, and
// a sheet of filters that holds the keyboard while it covers the page.
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
    const form = document.getElementById("search-form");
    form.classList.add("unanswered"); // the number on the sheet's button is that of other choices, until an answer comes
    say(form.dataset.noAnswer);
  });

  // After a search that was sent by the form's button, a reader is led to what went wrong, or to what was found
  // where the search folds away.
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx?.sourceEvent?.type !== "submit") return;
    const summary = document.getElementById("error-summary");
    const place = document.getElementById("asked-place");
    if (summary) summary.focus();
    else if (place.open && !isWide.matches) {
      place.open = false;
      document.getElementById("search-title").focus();
    }
  });

  // Where the sheet of filters covers the page, the rest of the page is out of reach until it closes.
  const isWide = window.matchMedia("(min-width: 68rem)");
  const sheet = () => document.getElementById("filters");
  const covers = () => sheet()?.open && !isWide.matches;

  function holdKeyboard() {
    for (let part = sheet(); part && part !== document.body; part = part.parentElement) {
      for (const other of part.parentElement.children) {
        if (other !== part && other.id !== "page-message") other.inert = covers();
      }
    }
  }

  function closeSheet(next) {
    sheet().open = false;
    holdKeyboard();
    next.focus();
  }

  document.addEventListener("toggle", ({ target }) => { if (target === sheet()) holdKeyboard(); }, { capture: true });
  document.addEventListener("htmx:after:swap", holdKeyboard);
  isWide.addEventListener("change", holdKeyboard);

  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape") return;
    const sort = target.closest?.("#sort[open]");
    if (sort) {
      sort.open = false;
      sort.querySelector("summary").focus();
    } else if (covers()) closeSheet(sheet().querySelector("summary"));
  });

  document.addEventListener("click", ({ target }) => {
    const sort = document.querySelector("#sort[open]");
    if (sort && !sort.contains(target)) sort.open = false;
    if (!covers()) {
      const mistake = target.closest("#error-summary a[href^='#']");
      if (mistake && !isWide.matches && sheet().contains(document.getElementById(mistake.hash.slice(1)))) sheet().open = true;
    } else if (target.closest("[data-close-sheet]")) closeSheet(document.getElementById("search-title"));
    else if (!target.closest("#filters, #page-message")) closeSheet(sheet().querySelector("summary"));
  });

  document.addEventListener("DOMContentLoaded", () => {
    showShares();
    holdKeyboard();
    document.getElementById("error-summary")?.focus();
  });
})();
