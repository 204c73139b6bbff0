// Signing in again without leaving the page: the portal's own sign-in pages, one after
// the other, in a dialog. Wrong tries, pauses and the second step are the server's.
const { dataset } = document.getElementById("drafts-js");
const { ask, isSignIn, token } = await import(dataset.kept);
const { button, element } = await import(dataset.parts);
const owner = document.querySelector(".qi-header__name")?.textContent ?? "";
let open = null;

/** True once this page's own user is signed in again; false when they leave it. */
export function signIn() {
  open ??= show().finally(() => { open = null; });
  return open;
}

function show() {
  const said = element("p", "qi-dialog__said");
  said.setAttribute("role", "status");
  const place = element("div", "qi-dialog__page");
  const heading = element("h2", "nhsuk-heading-m", "You were signed out");
  heading.id = "sign-in-here";
  const dialog = element("dialog", "qi-dialog", heading, element("p", "", `Sign in again as ${owner}. Your text stays on this page and is saved afterwards.`), said, place);
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.append(element("div", "qi-toolbar", button("I have signed in in another tab", () => check(dialog)), button("Not now", () => dialog.close())));
  dialog.addEventListener("submit", (event) => post(event, dialog));
  document.body.append(dialog);
  dialog.showModal();
  load(dialog, dataset.login);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "in");
    });
  });
}

const say = (dialog, words) => { dialog.querySelector(".qi-dialog__said").textContent = words; };

async function load(dialog, address) {
  dialog.dataset.address = address;
  await take(dialog, await ask(address));
}

async function post(event, dialog) {
  const form = event.target;
  const address = form.getAttribute("action") || dialog.dataset.address;
  if (form.target === "_blank") return;
  event.preventDefault();
  if (dialog.dataset.busy) return;
  dialog.dataset.busy = "yes";
  say(dialog, "One moment…");
  await take(dialog, await ask(address, { body: new URLSearchParams(new FormData(form, event.submitter)) }));
}

async function take(dialog, answer) {
  delete dialog.dataset.busy;
  say(dialog, "");
  if (!answer) return say(dialog, "The portal cannot be reached just now. Your text is kept; try again when you are back online.");
  if (answer.status === 412) return stranger(dialog);
  if (answer.address === null) return draw(dialog, answer.html);
  return isSignIn(answer.address) ? load(dialog, answer.address) : check(dialog);
}

async function stranger(dialog) {
  if ((await ask(dataset.login))?.status === 412) {
    return say(dialog, `Somebody else is signed in in another tab. Nothing was sent under their name. Sign out there, then sign in as ${owner}.`);
  }
  await load(dialog, dataset.login);
  say(dialog, `That is somebody else’s account, so it was signed out again and nothing was sent. This page belongs to ${owner}.`);
}

async function check(dialog) {
  const answer = await ask(dataset.check);
  if (answer?.status === 200) return finish(dialog);
  if (answer?.status === 412) return stranger(dialog);
  say(dialog, answer ? "You are not signed in yet." : "The portal cannot be reached just now.");
}

function finish(dialog) {
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token();
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token() }));
  dialog.close("in");
}

function draw(dialog, html) {
  const page = new DOMParser().parseFromString(html, "text/html").querySelector("#maincontent");
  if (!page) return say(dialog, "Sign in in another tab, then come back here.");
  for (const heading of page.querySelectorAll("h1")) heading.replaceWith(...(dialog.dataset.address === dataset.login ? [] : [element("h3", "nhsuk-heading-s", heading.textContent.trim())]));
  for (const aside of page.querySelectorAll(".qi-after-form")) aside.remove();
  for (const link of page.querySelectorAll("a:not([href^='#'])")) link.target = "_blank";
  for (const form of page.querySelectorAll("form[action*='/oidc/']")) form.target = "_blank";
  const place = dialog.querySelector(".qi-dialog__page");
  place.replaceChildren(...page.childNodes);
  place.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: place } }));
  place.querySelector(".nhsuk-error-summary, input:not([type=hidden])")?.focus();
}
