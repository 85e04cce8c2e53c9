// The verifier's desk by keyboard: one letter goes on, back, takes up, or leads to the form.
// Only while no field has the focus, and never when they are turned off (WCAG 2.1.4).
"use strict";
(() => {
  const SWITCH = "desk-shortcuts";
  const FIELDS = "input, textarea, select, [contenteditable]";

  // A browser may refuse to keep anything; then they are on again on the next page.
  const storage = {
    isOff() {
      try { return localStorage.getItem(SWITCH) === "off"; } catch { return false; }
    },
    set(off) {
      try { if (off) localStorage.setItem(SWITCH, "off"); else localStorage.removeItem(SWITCH); } catch { /* forbidden */ }
    },
  };
  let off = storage.isOff();

  function goToForm() {
    const form = document.querySelector("[data-shortcut-form]");
    if (!form) return false;
    const folded = form.closest("details");
    if (folded) folded.open = true;
    const field = form.querySelector("input:checked, input:not([type=hidden]), select, textarea");
    field.scrollIntoView({ block: "center" });
    field.focus();
    return true;
  }

  function toggleList(list) {
    list.open = !list.open;
    list.querySelector("summary").focus();
  }

  function press(key, list) {
    if (key === "?") {
      toggleList(list);
      return true;
    }
    if (key === "v") return goToForm();
    const target = document.querySelector(`[data-shortcut="${key}"]`);
    target?.click();
    return target !== null;
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("error-summary")?.focus();
    const list = document.getElementById("shortcuts");
    const button = list.querySelector("[data-shortcuts-switch]");
    const state = list.querySelector("[data-shortcuts-state]");
    const name = () => { button.textContent = off ? "Turn the shortcuts on" : "Turn the shortcuts off"; };
    name();
    button.hidden = false;
    button.addEventListener("click", () => {
      off = !off;
      storage.set(off);
      name();
      state.textContent = off ? "They are off on this device." : "They are on.";
    });
    document.addEventListener("keydown", (event) => {
      if (off || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(FIELDS)) return;
      if (!["n", "p", "t", "v", "?"].includes(event.key)) return;
      if (press(event.key, list)) event.preventDefault();
    });
  });
})();
