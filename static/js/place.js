// "Use my location": asks the browser only when pressed, and sends the position rounded to about half a mile.
"use strict";
(() => {
  const DECIMALS = 2; // 0.01 degree

  const PROBLEMS = {
    1: "Your browser did not allow it. Type a ZIP or a city instead.",
    2: "Your browser does not know where you are. Type a ZIP or a city instead.",
    3: "That took too long. Try again, or type a ZIP or a city instead.",
  };

  function show() {
    if (!navigator.geolocation || !window.isSecureContext) return;
    for (const line of document.querySelectorAll("[data-use-location]")) line.hidden = false;
  }

  function locate(line) {
    const message = line.querySelector("[role=status]");
    const near = line.closest("form").elements.near;
    message.textContent = "Asking your browser …";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        message.textContent = "";
        near.value = `${coords.latitude.toFixed(DECIMALS)}, ${coords.longitude.toFixed(DECIMALS)}`;
        near.form.requestSubmit();
      },
      ({ code }) => { message.textContent = PROBLEMS[code]; },
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
