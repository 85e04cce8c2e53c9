// The short list: up to four providers to compare, kept by this browser once the reader has checked one, and sent nowhere.
// Only their numbers are kept. All words come from the page.
"use strict";
(() => {
  const NAME = "shortlist";
  let withoutStorage = null; // the list where the browser keeps nothing

  const bar = () => document.querySelector("[data-shortlist-bar]");
  const most = () => Number(document.querySelector("[data-most]").dataset.most);
  const inWords = (text, count) => text.replaceAll("{count}", count).replaceAll("{most}", most());

  function read() {
    if (withoutStorage) return withoutStorage;
    try {
      const kept = JSON.parse(localStorage.getItem(NAME));
      if (!Array.isArray(kept)) return [];
      return [...new Set(kept)].filter((npi) => /^\d{10}$/.test(npi)).slice(0, most());
    } catch {
      return []; // forbidden, or written by something else
    }
  }

  function keep(list) {
    try {
      if (list.length) localStorage.setItem(NAME, JSON.stringify(list));
      else localStorage.removeItem(NAME);
    } catch {
      withoutStorage = list;
    }
  }

  function compareAddress(list) {
    const address = new URL(bar().querySelector("[data-shortlist-compare]").href);
    address.search = new URLSearchParams(list.map((npi) => ["npi", npi]));
    const near = document.querySelector("[data-shortlist-form] [name=near]");
    if (near?.value) address.searchParams.set("near", near.value);
    return address.href;
  }

  function say(sentence) {
    const said = bar().querySelector("[data-shortlist-said]");
    if (said.textContent !== sentence) said.textContent = sentence; // the same again would be read out again
  }

  // `pressed`: the reader changed the list on this page, so that the bar stays even when the list is empty.
  function show({ pressed = false, full = false } = {}) {
    if (!bar()) return;
    const list = read();
    for (const box of document.querySelectorAll("[data-shortlist]")) box.checked = list.includes(box.value);
    for (const offer of document.querySelectorAll("[data-shortlist-offer]")) offer.hidden = false;
    for (const part of document.querySelectorAll("[data-shortlist-form]")) part.hidden = true;
    for (const input of document.querySelectorAll("[data-shortlist-carried]")) input.remove();
    if (list.length || pressed) bar().hidden = false;
    bar().querySelector("[data-shortlist-clear]").hidden = !list.length;
    const compare = bar().querySelector("[data-shortlist-compare]");
    compare.hidden = !list.length;
    compare.href = compareAddress(list);
    if (bar().hidden) return;
    const { count, full: fullWords, keptHere } = bar().dataset;
    const words = inWords(full ? fullWords : count, list.length);
    say(withoutStorage && list.length && !full ? `${words}. ${keptHere}` : words);
  }

  function press(box) {
    const list = read();
    if (!box.checked) keep(list.filter((npi) => npi !== box.value));
    else if (list.length < most()) keep([...list, box.value]);
    show({ pressed: true, full: box.checked && list.length >= most() });
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-shortlist]")) press(event.target);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shortlist-clear]")) {
      keep([]);
      show({ pressed: true });
      bar().querySelector("[data-shortlist-said]").focus(); // the button is gone
    }
    const removed = event.target.closest("[data-shortlist-remove]")?.dataset.shortlistRemove;
    if (removed && read().includes(removed)) keep(read().filter((npi) => npi !== removed));
  });

  // "Search for others to add": those on the page go onto the list rather than into the address.
  document.addEventListener("submit", ({ target, submitter }) => {
    if (!target.matches("[data-shortlist-page]") || !submitter?.matches("[data-shortlist-add]")) return;
    const inputs = [...target.querySelectorAll("[name=npi]")];
    keep([...new Set([...inputs.map((input) => input.value), ...read()])].slice(0, most()));
    if (!withoutStorage) for (const input of inputs) input.disabled = true;
  });

  document.addEventListener("htmx:after:swap", () => show());
  window.addEventListener("storage", () => show());
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    for (const input of document.querySelectorAll("[data-shortlist-page] [name=npi]")) input.disabled = false;
    show();
  });
  document.addEventListener("DOMContentLoaded", () => show());
})();
