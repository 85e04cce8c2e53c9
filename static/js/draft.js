// What the form of a review does more with JavaScript: a draft kept on this device, and what is too long or too large.
// Its sentences stand in attributes of the page, in the language of the page.
// The draft holds neither the email address nor the file, and goes when the review was sent.
"use strict";
(() => {
  const DAYS_KEPT = 7;
  const MAX_FILE_BYTES = 5 * 1024 * 1024;
  const PAUSE_MS = 500;
  const LEFT_OUT = ["csrf_token", "form_key", "proof_ticket", "without_proof", "email", "proof", "looked_at", "own_experience"];
  const nameOf = (npi) => `review-draft:${npi}`;

  // A browser may refuse to keep anything; then there is no draft.
  const storage = {
    read(npi) {
      try { return JSON.parse(localStorage.getItem(nameOf(npi))); } catch { return null; }
    },
    write(npi, draft) {
      try { localStorage.setItem(nameOf(npi), JSON.stringify(draft)); } catch { /* full or forbidden */ }
    },
    drop(npi) {
      try { localStorage.removeItem(nameOf(npi)); } catch { /* forbidden */ }
    },
  };

  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !LEFT_OUT.includes(field.name));
  const isTick = (field) => field.type === "radio" || field.type === "checkbox";

  function answersOf(form) {
    const kept = fieldsOf(form).filter((field) => (isTick(field) ? field.checked : field.value.trim() !== ""));
    return kept.map((field) => [field.name, field.value]);
  }

  function fill(form, answers) {
    for (const field of fieldsOf(form)) {
      const values = answers.filter(([name]) => name === field.name).map(([, value]) => value);
      if (isTick(field)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
  }

  function restore(form, npi) {
    const draft = storage.read(npi);
    if (!draft) return;
    if (!(Date.now() - draft.savedAt < DAYS_KEPT * 24 * 3600 * 1000)) return storage.drop(npi);
    fill(form, draft.answers);
    const notice = document.querySelector("[data-draft-notice]");
    const day = new Date(draft.savedAt).toLocaleDateString(`${document.documentElement.lang}-US`, { month: "long", day: "numeric" });
    const words = notice.querySelector("[data-draft-words]");
    words.textContent = words.dataset.draftWords.replace("{day}", day);
    notice.hidden = false;
    notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
      storage.drop(npi);
      fill(form, []);
      for (const field of fieldsOf(form)) if (!isTick(field)) field.value = "";
      notice.hidden = true;
      for (const counter of document.querySelectorAll("[data-counter]")) count(counter);
      document.querySelector("h1").tabIndex = -1;
      document.querySelector("h1").focus();
    });
  }

  function keepDraft(form) {
    const npi = form.dataset.draft;
    if (!("cameBack" in form.dataset)) restore(form, npi);
    let waiting;
    const save = () => {
      clearTimeout(waiting);
      const answers = answersOf(form);
      if (answers.length) storage.write(npi, { savedAt: Date.now(), answers });
      else storage.drop(npi);
    };
    form.addEventListener("input", (event) => {
      if (LEFT_OUT.includes(event.target.name)) return;
      clearTimeout(waiting);
      waiting = setTimeout(save, PAUSE_MS);
    });
    form.addEventListener("change", save);
    if ("cameBack" in form.dataset) save();
  }

  function count(counter) {
    const most = Number(counter.dataset.most);
    const text = document.getElementById(counter.dataset.counter).value.replaceAll("\r\n", "\n").trim();
    const left = most - [...text].length;
    const { mostWords, leftWords, oneOverWords, overWords } = counter.dataset;
    const words = left === -1 ? oneOverWords : left < 0 ? overWords : left === most ? mostWords : leftWords;
    counter.textContent = words.replace("{number}", Math.abs(left).toLocaleString("en-US"));
    counter.classList.toggle("too-many", left < 0);
  }

  function countWhileTyping(counter) {
    let waiting;
    document.getElementById(counter.dataset.counter).addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => count(counter), PAUSE_MS);
    });
    count(counter);
  }

  // A file that is too large is not sent at all, for with it the whole form would be refused.
  function watchFile(input, problem) {
    const isTooLarge = () => [...input.files].some((file) => file.size > MAX_FILE_BYTES);
    input.addEventListener("change", () => { problem.hidden = !isTooLarge(); });
    input.form.addEventListener("submit", (event) => {
      if (!isTooLarge()) return;
      event.preventDefault();
      problem.hidden = false;
      input.focus();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-draft]");
    if (form) keepDraft(form);
    for (const counter of document.querySelectorAll("[data-counter]")) countWhileTyping(counter);
    const problem = document.querySelector("[data-file-problem]");
    if (problem) watchFile(document.getElementById("proof"), problem);
    const sent = document.querySelector("[data-draft-sent]");
    if (sent) storage.drop(sent.dataset.draftSent);
    document.getElementById("error-summary")?.focus();
  });
})();
