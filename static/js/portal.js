// Progressive enhancement for every page. Nothing here is needed to do the work.
const own = document.getElementById("portal-js");
const DRAFT_PREFIX = "qi-draft:";
const AFTER_LAST_CHANGE = 2000;
const AT_MOST_EVERY = 10000;

// NHS components --------------------------------------------------------------
import(own.dataset.nhsuk).then(({ initAll }) => {
  initAll();
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
  });
});

// A form is sent once ------------------------------------------------------------
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" || form.hasAttribute("data-qi-repeat")) return;
  if (form.dataset.qiSent) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented) return;
  form.dataset.qiSent = "yes";
  setTimeout(() => delete form.dataset.qiSent, 8000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-qi-sent]")) delete form.dataset.qiSent;
});

// Stepper, copy, print, fill ---------------------------------------------------------
function stepBy(button) {
  const box = button.closest("[data-qi-stepper]").querySelector("input");
  const limit = (name, other) => (box.dataset[name] === undefined ? other : Number(box.dataset[name]));
  const next = (parseInt(box.value, 10) || 0) + Number(button.dataset.qiStep);
  box.value = String(Math.min(Math.max(next, limit("min", -Infinity)), limit("max", Infinity)));
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

async function copyFrom(button) {
  const source = document.querySelector(button.dataset.qiCopy);
  await navigator.clipboard.writeText(source.textContent);
  const words = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = words; }, 2000);
}

function fillFrom(button) {
  const box = document.querySelector(button.dataset.qiFill);
  box.value = document.querySelector(button.dataset.qiFillFrom).innerText.trim();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.qiStep) stepBy(button);
  if (button.dataset.qiCopy) copyFrom(button);
  if (button.dataset.qiFill) fillFrom(button);
  if (button.hasAttribute("data-qi-print")) window.print();
});

function revealButtons(scope) {
  const found = scope.querySelectorAll("[data-qi-step][hidden], [data-qi-copy][hidden], [data-qi-fill][hidden], [data-qi-print][hidden]");
  for (const button of found) button.hidden = false;
}

// On a phone a filter drawer starts closed -------------------------------------------------
if (innerWidth < 641) {
  for (const drawer of document.querySelectorAll("[data-qi-drawer]")) drawer.open = false;
}

// Pasting a table -----------------------------------------------------------------------
function tableRows(text) {
  const lines = text.replace(/\r/g, "").split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => line.split(/\t|;|,\s/));
}

document.addEventListener("paste", (event) => {
  const box = event.target.closest?.("[data-qi-paste-into]");
  const text = event.clipboardData?.getData("text") ?? "";
  if (!box || !/[\n\t]/.test(text.trim())) return;
  event.preventDefault();
  const target = document.querySelector(box.dataset.qiPasteInto);
  target.closest("details")?.setAttribute("open", "");
  target.value = text.trim();
  target.dispatchEvent(new Event("input", { bubbles: true }));
  target.focus();
});

function previewPlace(box) {
  const named = box.dataset.qiPastePreview && document.querySelector(box.dataset.qiPastePreview);
  const next = box.nextElementSibling;
  const place = named || (next?.matches(".qi-paste-preview") ? next : document.createElement("p"));
  if (!place.isConnected) box.after(place);
  place.classList.add("qi-paste-preview");
  place.setAttribute("role", "status");
  return place;
}

function previewPaste(box) {
  const place = previewPlace(box);
  const rows = tableRows(box.value);
  const widths = rows.map((row) => row.length);
  const columns = Math.max(0, ...widths);
  if (!rows.length) place.textContent = "";
  else place.textContent = `${rows.length} ${rows.length === 1 ? "row" : "rows"}, ${columns} ${columns === 1 ? "column" : "columns"}. First: ${rows[0].join(" | ")}. Last: ${rows.at(-1).join(" | ")}.`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-qi-paste-preview]")) previewPaste(event.target);
});

// Drafts ------------------------------------------------------------------------------------
// Saved to the server; kept in this tab's session storage only while that fails.
const user = document.body.dataset.qiUser ?? "";
const storeKey = (form) => `${DRAFT_PREFIX}${user}:${form.dataset.qiDraft}:${form.dataset.qiDraftObject ?? ""}`;
const clock = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function tell(form, words) {
  const status = form.querySelector("[data-qi-draft-status]");
  if (status) status.textContent = words;
}

function draftFields(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const secret = name === "csrfmiddlewaretoken" || form.elements[name]?.type === "password";
    if (!secret && typeof value === "string") fields.append(name, value);
  }
  return fields;
}

function keepHere(form, fields, sent = false) {
  try {
    sessionStorage.setItem(storeKey(form), JSON.stringify({ at: clock(), sent, fields: fields.toString() }));
    return true;
  } catch {
    return false;
  }
}

async function saveDraft(form) {
  const fields = draftFields(form);
  const body = new URLSearchParams(fields);
  body.append("_object", form.dataset.qiDraftObject ?? "");
  try {
    const answer = await fetch(`/account/drafts/${form.dataset.qiDraft}/`, {
      method: "POST",
      body,
      redirect: "error",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken?.value ?? "", Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    sessionStorage.removeItem(storeKey(form));
    tell(form, `Draft saved at ${clock()}`);
  } catch {
    const kept = keepHere(form, fields);
    tell(form, kept ? `Draft kept in this tab at ${clock()}. It could not be sent yet.` : "Draft not saved. Keep this page open.");
  }
}

function watchDraft(form) {
  let timer;
  let savedAt = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    const wait = Math.max(AFTER_LAST_CHANGE, savedAt + AT_MOST_EVERY - Date.now());
    timer = setTimeout(() => {
      savedAt = Date.now();
      saveDraft(form);
    }, wait);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    keepHere(form, draftFields(form), navigator.onLine);
    if (navigator.onLine) return;
    event.preventDefault();
    tell(form, "You are offline. Your text is kept in this tab; press the button again when you are back.");
  });
  addEventListener("online", () => sessionStorage.getItem(storeKey(form)) && saveDraft(form));
  offerKept(form);
}

function putBack(form, fields) {
  for (const [name, value] of new URLSearchParams(fields)) {
    const control = form.elements[name];
    if (!control || control.type === "hidden") continue;
    const options = control instanceof RadioNodeList ? [...control] : [control];
    for (const option of options) {
      if (["radio", "checkbox"].includes(option.type)) option.checked ||= option.value === value;
      else option.value = value;
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function offerKept(form) {
  const kept = JSON.parse(sessionStorage.getItem(storeKey(form)) ?? "null");
  if (!kept || kept.fields === draftFields(form).toString()) return;
  const box = document.createElement("div");
  box.className = "qi-restore";
  box.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = `Text from ${kept.at} was not sent. It is still in this tab.`;
  box.append(words, choice("Put it back", () => putBack(form, kept.fields)), " ", choice("Throw it away", () => sessionStorage.removeItem(storeKey(form))));
  form.prepend(box);
}

function choice(words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small";
  button.textContent = words;
  button.addEventListener("click", () => {
    act();
    button.closest(".qi-restore").remove();
  });
  return button;
}

// What was sent has arrived when a signed-in page follows. A sign-in page means the
// session had ended: the text stays for after the sign-in. Other users' text goes.
function sortKept() {
  const mine = `${DRAFT_PREFIX}${user}:`;
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(DRAFT_PREFIX))) {
    const kept = JSON.parse(sessionStorage.getItem(key));
    if (user === "") sessionStorage.setItem(key, JSON.stringify({ ...kept, sent: false }));
    else if (kept.sent || !key.startsWith(mine)) sessionStorage.removeItem(key);
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("data-qi-signout")) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(DRAFT_PREFIX)) sessionStorage.removeItem(key);
});

// Start -------------------------------------------------------------------------------------------
sortKept();
for (const form of document.querySelectorAll("form[data-qi-draft]")) watchDraft(form);
revealButtons(document);
document.addEventListener("htmx:load", (event) => revealButtons(event.detail.elt));
