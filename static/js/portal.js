// Progressive enhancement for every page. Nothing here is needed to do the work.
const own = document.getElementById("portal-js");

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

// Start -------------------------------------------------------------------------------------------
revealButtons(document);
document.addEventListener("htmx:load", (event) => revealButtons(event.detail.elt));
