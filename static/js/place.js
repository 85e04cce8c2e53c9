// "Use my location": asks the browser only when pressed, and sends the position rounded to about half a mile.
"use strict";
(() => {
  const DECIMALS = 2; // 0.01 degree

  const PROBLEMS = { 1: "notAllowed", 2: "notKnown", 3: "tooLong" }; // where the page holds the sentence about each

  function show() {
    if (!navigator.geolocation || !window.isSecureContext) return;
    for (const line of document.querySelectorAll("[data-use-location]")) line.hidden = false;
  }

  function locate(line) {
    const message = line.querySelector("[role=status]");
    const near = line.closest("form").elements.near;
    message.textContent = line.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        message.textContent = "";
        near.value = `${coords.latitude.toFixed(DECIMALS)}, ${coords.longitude.toFixed(DECIMALS)}`;
        near.form.requestSubmit();
      },
      ({ code }) => { message.textContent = line.dataset[PROBLEMS[code]]; },
      { timeout: 10000, maximumAge: 60000 },
    );
  }

  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-use-location]");
    if (line && event.target.closest("button")) locate(line);
  });
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("htmx:after:swap", show);
})();
