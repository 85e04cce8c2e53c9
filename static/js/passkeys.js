// Passkeys: a form with data-passkey asks the browser for one when it is sent, and goes on its way with the answer.
// "create" sets one up, "get" signs in with one. Without JavaScript the form goes without an answer, which the site explains.
"use strict";
(() => {
  const PROBLEMS = {
    AbortError: "It was stopped before it was done. Try again.",
    InvalidStateError: "This device keeps a passkey of yours already.",
    NotAllowedError: "It was canceled or took too long. Try again.",
    NotSupportedError: "This browser can’t save passkeys for this site. Use another browser or an authenticator app.",
    SecurityError: "Passkeys need the site's name in the address, and https. Open the site by its name.",
  };
  const NONE = "This browser has no passkeys. Use another browser or an authenticator app.";
  const OTHER = "The browser couldn’t do it. Try again, or use an authenticator app.";

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (descriptors) => (descriptors || []).map((each) => ({ ...each, id: toBytes(each.id) }));

  // The site writes bytes as base64url, and so does the answer: older browsers do not know parseCreationOptionsFromJSON.
  function readOptions(text) {
    const options = JSON.parse(text);
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    if (options.excludeCredentials) options.excludeCredentials = withBytes(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = withBytes(options.allowCredentials);
    return options;
  }

  function writeAnswer(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
  }

  async function ask(form) {
    const message = form.querySelector("[data-passkey-message]");
    message.textContent = "";
    if (!window.PublicKeyCredential || !navigator.credentials) {
      message.textContent = NONE;
      return;
    }
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const publicKey = readOptions(form.dataset.options);
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.answer.value = writeAnswer(credential);
      form.submit();
    } catch (error) {
      message.textContent = PROBLEMS[error.name] || OTHER;
      button.disabled = false;
      button.focus();
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", (event) => {
      const name = form.elements.namedItem("name");
      if (name && !name.value.trim()) return; // the site says what is missing
      event.preventDefault();
      ask(form);
    });
  }
  // A page that the browser kept, for its Back button, begins anew.
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form[data-passkey] [type=submit]")) button.disabled = false;
  });
})();
