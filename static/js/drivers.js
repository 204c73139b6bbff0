// Moving drivers and change ideas by dragging or with Alt and an arrow key, and the
// picture as a PNG. The forms on the page do the same without any of this.
const FAR_ENOUGH = 5;
const EDGE = 70;
const PIXELS = 16e6; // what phones let a canvas hold
const theory = () => document.querySelector("[data-qi-theory]");
const said = document.querySelector("[data-qi-move-said]");
const own = (node) => node.querySelector(":scope > [data-qi-node-row]");
const nameOf = (node) => own(node).querySelector(".qi-outline__text").firstElementChild?.textContent ?? own(node).querySelector(".qi-outline__text").textContent;
const isIdea = (node) => node.dataset.qiNode === "idea";
const keyNumber = (key) => key.split("-").at(-1);

function reveal() {
  for (const hidden of document.querySelectorAll("[data-qi-grip][hidden], [data-qi-move-help][hidden], [data-qi-png][hidden], [data-qi-print][hidden]")) hidden.hidden = false;
}

function say(words, isProblem = false) {
  said.classList.toggle("qi-move-said--problem", isProblem);
  said.textContent = words;
}

// Sending a move --------------------------------------------------------------------
// The answer is the page as it now stands: its diagram replaces this one.
let isSending = false;

async function place(node, under, before) {
  if (isSending) return;
  isSending = true;
  const name = isIdea(node) ? "driver" : "parent";
  const onto = under === "loose" ? "" : under;
  const body = new URLSearchParams({ version: node.dataset.qiVersion, [name]: onto ? keyNumber(onto) : "", before: before ? keyNumber(before.id) : "" });
  const token = document.querySelector("[data-qi-theory] [name=csrfmiddlewaretoken]").value;
  try {
    const answer = await fetch(node.dataset.qiPlace, { method: "POST", body, headers: { "X-CSRFToken": token } });
    if (!answer.ok) throw new Error(String(answer.status));
    show(new DOMParser().parseFromString(await answer.text(), "text/html"), node.id);
  } catch {
    say("This could not be moved. Check your connection, reload the page and try again.", true);
  } finally {
    isSending = false;
  }
}

function show(page, key) {
  const fresh = page.querySelector("[data-qi-theory]");
  if (!fresh) {
    location.reload(); // signed out, or no longer ours to change
    return;
  }
  const drawer = theory().querySelector("[data-qi-drawer]")?.open;
  theory().replaceWith(document.adoptNode(fresh));
  if (drawer !== undefined) theory().querySelector("[data-qi-drawer]").open = drawer;
  for (const opened of theory().querySelectorAll(".qi-node__acts[open]")) opened.open = false;
  reveal();
  const message = page.querySelector(".qi-messages .qi-message");
  say(message?.textContent.trim().replace(/\s+/g, " ") ?? "", message?.classList.contains("qi-message--error"));
  document.getElementById(key)?.querySelector("[data-qi-grip]")?.focus();
}

// Where things may go -----------------------------------------------------------------
const nodes = (kinds) => [...theory().querySelectorAll("[data-qi-node]")].filter((node) => kinds.includes(node.dataset.qiNode));
const row = (kind, under) => nodes([kind]).filter((node) => node.dataset.qiUnder === under);

// What dropping `node` at a height of `other`'s row means: {under, before, mark, at}.
function landing(node, other, y) {
  if (!other || other === node || node.contains(other)) return null;
  const kind = node.dataset.qiNode;
  const there = other.dataset.qiNode;
  if (kind === there) {
    const box = own(other).getBoundingClientRect();
    const isUpper = y < box.top + box.height / 2;
    const mates = row(kind, other.dataset.qiUnder).filter((mate) => mate !== node);
    const before = isUpper ? other : mates[mates.indexOf(other) + 1];
    return { under: other.dataset.qiUnder, before, mark: isUpper ? "before" : "after", at: other };
  }
  const fits = isIdea(node) ? there !== "idea" : kind === "secondary" && there === "primary";
  return fits ? { under: other.id, before: undefined, mark: "into", at: other } : null;
}

// Dragging --------------------------------------------------------------------------------
let drag = null;

function mark(spot) {
  for (const name of ["before", "after", "into"]) theory().querySelector(`[data-qi-drop="${name}"]`)?.removeAttribute("data-qi-drop");
  if (spot) own(spot.at).dataset.qiDrop = spot.mark;
}

function begin() {
  drag.label = document.createElement("div");
  drag.label.className = "qi-drag-label";
  drag.label.setAttribute("aria-hidden", "true");
  drag.label.textContent = nameOf(drag.node);
  document.body.append(drag.label);
  drag.node.dataset.qiDragged = "yes";
  drag.timer = setInterval(scrollAtEdge, 16);
}

function scrollAtEdge() {
  if (drag.y < EDGE) scrollBy(0, -12);
  else if (drag.y > innerHeight - EDGE) scrollBy(0, 12);
  else return;
  aim();
}

function aim() {
  const right = document.documentElement.clientWidth - drag.label.offsetWidth - 4;
  drag.label.style.transform = `translate(${Math.min(drag.x + 14, right)}px, ${drag.y + 14}px)`;
  const other = document.elementFromPoint(drag.x, drag.y)?.closest("[data-qi-node]");
  drag.spot = landing(drag.node, other, drag.y);
  mark(drag.spot);
}

function end(keeps) {
  const { node, spot, label, timer } = drag;
  drag = null;
  clearInterval(timer);
  label?.remove();
  delete node.dataset.qiDragged;
  mark(null);
  if (!label) return;
  if (keeps && spot) place(node, spot.under, spot.before);
  else say(`“${nameOf(node)}” stays where it was.`);
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-qi-grip]");
  if (!said.classList.contains("qi-move-said--problem")) say(""); // read and done with
  if (!grip || event.button !== 0 || drag || isSending) return;
  grip.setPointerCapture(event.pointerId);
  drag = { node: grip.closest("[data-qi-node]"), id: event.pointerId, fromX: event.clientX, fromY: event.clientY };
});
document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  [drag.x, drag.y] = [event.clientX, event.clientY];
  if (!drag.label && Math.hypot(drag.x - drag.fromX, drag.y - drag.fromY) < FAR_ENOUGH) return;
  if (!drag.label) begin();
  aim();
});
document.addEventListener("pointerup", (event) => drag?.id === event.pointerId && end(true));
document.addEventListener("pointercancel", (event) => drag?.id === event.pointerId && end(false));

// Keyboard -----------------------------------------------------------------------------------
// What an arrow means for a row: [under, before], or words why it means nothing.
const arrows = {
  ArrowUp(node) {
    const mates = row(node.dataset.qiNode, node.dataset.qiUnder);
    const at = mates.indexOf(node);
    if (at > 0) return [node.dataset.qiUnder, mates[at - 1]];
    const above = neighbour(node, -1);
    return above ? [above, undefined] : `“${nameOf(node)}” is the first already.`;
  },
  ArrowDown(node) {
    const mates = row(node.dataset.qiNode, node.dataset.qiUnder);
    const at = mates.indexOf(node);
    if (at < mates.length - 1) return [node.dataset.qiUnder, mates[at + 2]];
    const below = neighbour(node, 1);
    return below ? [below, row(node.dataset.qiNode, below)[0]] : `“${nameOf(node)}” is the last already.`;
  },
  ArrowRight(node) {
    if (node.dataset.qiNode !== "primary") return "Only a primary driver can go one level down.";
    const mates = row("primary", "");
    const above = mates[mates.indexOf(node) - 1];
    return above ? [above.id, undefined] : "There is no driver above it to become part of.";
  },
  ArrowLeft(node) {
    if (node.dataset.qiNode !== "secondary") return "Only a secondary driver can go one level up.";
    const mates = row("primary", "");
    const parent = mates.findIndex((mate) => mate.id === node.dataset.qiUnder);
    return ["", mates[parent + 1]];
  },
};

function neighbour(node, step) {
  if (node.dataset.qiNode === "primary") return null;
  const places = nodes(isIdea(node) ? ["primary", "secondary"] : ["primary"]).map((place) => place.id);
  if (isIdea(node) && document.getElementById("loose")) places.push("loose");
  return places[places.indexOf(node.dataset.qiUnder) + step] ?? null;
}

document.addEventListener("keydown", (event) => {
  if (drag && event.key === "Escape") {
    end(false);
    return;
  }
  const grip = event.target.closest?.("[data-qi-grip]");
  const arrow = arrows[event.key];
  if (!grip || !arrow || !event.altKey || event.ctrlKey || event.metaKey || drag) return;
  event.preventDefault();
  const node = grip.closest("[data-qi-node]");
  const target = arrow(node);
  if (typeof target === "string") say(target);
  else place(node, ...target);
});

// The picture as a PNG ------------------------------------------------------------------------
async function savePng(button) {
  const picture = new Image();
  picture.src = button.dataset.qiPng;
  try {
    await picture.decode();
    const scale = Math.min(2, Math.sqrt(PIXELS / (picture.naturalWidth * picture.naturalHeight)));
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(picture.naturalWidth * scale);
    canvas.height = Math.floor(picture.naturalHeight * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const file = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${button.dataset.qiPngName}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    say("The PNG is among your downloads.");
  } catch {
    say("The PNG could not be made here. Download the SVG instead.", true);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-qi-png]");
  if (button) savePng(button);
  const isPressed = event.detail === 0; // by a key or an assistive tool, not a pointer
  if (isPressed && event.target.closest?.("[data-qi-grip]")) say("Hold Alt and press an arrow key to move this, or use the buttons behind Edit.");
});

reveal();
