// Long forms are saved as they are typed, and sent without leaving the page, so that a
// lost connection or an ended session costs nothing. Without scripts forms work as ever.
const { dataset } = document.getElementById("drafts-js");
const { all, ask, DEVICE, PLACE, find, isOwn, put, remove, sort, token, user, verdict, wipe } = await import(dataset.kept);
const { box, connect, GIVE_UP, place, sendWaiting, showNotices, throwAway } = await import(dataset.waiting);
const { button, hours, link, when } = await import(dataset.parts);
const AFTER_LAST_CHANGE = 2000;
const AT_MOST_EVERY = 10000;
const AGAIN = 30000;
const forms = new Map();
let again = 0;

function tell(form, ...content) {
  form.querySelector("[data-qi-draft-status]")?.replaceChildren(...content);
}

// What a form holds ---------------------------------------------------------------------
const NOT_TEXT = ["csrfmiddlewaretoken", "_draft"];
const keyOf = (form, more = "") => [user, form.dataset.qiDraft, form.dataset.qiDraftObject, more].join(":");
const submission = (form) => form.querySelector("[name=submission_id]");
const sendKey = (form) => keyOf(form, submission(form)?.value || "edit");
const isTextBox = (control) => control.matches("textarea, input:not([type]), input[type=text]");

function fieldsOf(form, submitter = null) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) {
    const secret = NOT_TEXT.includes(name) || form.querySelector(`[name="${CSS.escape(name)}"]`)?.type === "password";
    if (!secret && typeof value === "string") fields.append(name, value);
  }
  return fields;
}

/** The fields as one text, less what differs from one showing of a form to the next. */
function essence(fields) {
  const bare = new URLSearchParams(fields);
  for (const name of ["submission_id", "version"]) bare.delete(name);
  return bare.toString();
}

function textOf(form, more = {}) {
  return {
    ...{ key: keyOf(form), user, form: form.dataset.qiDraft, object: form.dataset.qiDraftObject },
    ...{ path: location.pathname + location.search, action: form.getAttribute("action") || location.href },
    ...{ title: document.querySelector("h1")?.innerText.trim() ?? document.title, at: Date.now() },
    ...{ fields: fieldsOf(form).toString(), words: [...form.elements].filter(isTextBox).map((box) => box.value.trim()).filter(Boolean) },
    ...{ state: "typed", ...more },
  };
}

function putBack(form, text) {
  const given = new URLSearchParams(text.fields);
  for (const control of form.elements) {
    const isChoice = ["radio", "checkbox"].includes(control.type);
    if (isChoice) control.checked = given.getAll(control.name).includes(control.value);
    else if (given.has(control.name) && (control.type !== "hidden" || control.name === "version")) control.value = given.get(control.name);
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// Saving while somebody types -----------------------------------------------------------
function typed(form) {
  const typing = forms.get(form);
  const now = Date.now();
  typing.first ||= now;
  const due = Math.min(now + AFTER_LAST_CHANGE, typing.first + AT_MOST_EVERY);
  clearTimeout(typing.timer);
  typing.timer = setTimeout(() => save(form), Math.max(due, typing.savedAt + AT_MOST_EVERY) - now);
}

function save(form, isLeaving = false) {
  const typing = forms.get(form);
  clearTimeout(typing.timer);
  Object.assign(typing, { first: 0, savedAt: Date.now() });
  typing.saving = saveNow(form, isLeaving);
  return typing.saving;
}

function asDraft(text, keepalive = false) {
  const body = new URLSearchParams(text.fields);
  body.append("_object", text.object);
  return ask(`/account/drafts/${text.form}/`, { body, keepalive, patience: 8000 });
}

async function saveNow(form, isLeaving) {
  const text = textOf(form, { isLeaving: isLeaving && !forms.get(form).unsent });
  const [isKept, answer] = await Promise.all([put(text), asDraft(text, isLeaving)]);
  const isSaved = answer?.status === 200;
  if (verdict(answer) === "stranger") await toTab(text);
  forms.get(form).unsent = !isSaved;
  if (isSaved) {
    await remove(text.key, text.at);
    tell(form, `Draft saved at ${hours(text.at)}`);
  } else {
    tellUnsaved(form, text, answer, isKept);
    retry();
  }
}

/** From the device, which is somebody else's now, to this tab, which shows it anyway. */
async function toTab(text) {
  await remove(text.key);
  await put(text);
}

function tellUnsaved(form, text, answer, isKept) {
  const said = verdict(answer);
  if (!isKept) tell(form, "Draft not saved. Keep this page open.");
  else if (said === "signed-out") tell(form, `You were signed out. Your text is kept ${PLACE}. `, button("Sign in here", () => signInAgain(() => save(form))));
  else if (said === "stranger") tell(form, `Somebody else is signed in in this browser. Your text was not sent under their name; it is kept ${PLACE}.`);
  else tell(form, `Draft kept ${PLACE} at ${hours(text.at)}. It could not be sent yet.`, ...markOffer());
}

function markOffer() {
  return isOwn ? [] : [" Only you use this device? ", link("Mark it as your own", dataset.ownPhone), ", and such text outlives a closed tab."];
}

async function signInAgain(then) {
  const { signIn } = await import(dataset.signIn);
  if (!(await signIn())) return false;
  await then();
  return true;
}

// Sending a form ------------------------------------------------------------------------
const hasFiles = (form) => [...form.elements].some((control) => control.type === "file" && control.files.length);

function submitted(event) {
  const form = event.target;
  const typing = forms.get(form);
  if (form.dataset.qiNative) delete form.dataset.qiNative;
  else if (!hasFiles(form)) {
    event.preventDefault();
    if (!typing.busy) send(form, event.submitter);
  }
}

async function send(form, submitter) {
  const typing = forms.get(form);
  clearTimeout(typing.timer);
  Object.assign(typing, { busy: true, first: 0, unsent: false });
  tell(form, "Saving…");
  const fields = fieldsOf(form, submitter).toString();
  const text = textOf(form, { fields, ...(isOwn && { key: sendKey(form), state: "sending" }) });
  await put(text);
  await Promise.race([typing.saving, new Promise((done) => { setTimeout(done, AFTER_LAST_CHANGE); })]);
  const before = await sentBefore(typing, text);
  const answer = before ?? (await ask(text.action, { body: new URLSearchParams(fields) }));
  typing.busy = false;
  await outcomes[verdict(answer)](form, text, answer, { submitter, keeps: Boolean(before) });
}

// A sending without an answer may have arrived. It is repeated as it was, because under
// the same submission number the server would take later changes for the same sending.
async function sentBefore(typing, text) {
  const { tried } = typing;
  typing.tried = null;
  if (!tried || tried.fields === text.fields) return null;
  const answer = await ask(tried.action, { body: new URLSearchParams(tried.fields) });
  return verdict(answer) === "refused" ? null : answer;
}

async function backToTyped(form, text, state = "typed") {
  if (text.key !== keyOf(form)) await remove(text.key);
  await put({ ...text, key: keyOf(form), state });
  forms.get(form).unsent = true;
}

const outcomes = {
  async saved(form, text, answer, { keeps }) {
    if (keeps) await backToTyped(form, text);
    else for (const key of [text.key, keyOf(form)]) await remove(key);
    location.assign(answer.address);
  },
  async unreachable(form, text) {
    retry();
    if (isOwn) return rest(form, text);
    await backToTyped(form, text);
    if (submission(form) && navigator.onLine) forms.get(form).tried = text;
    tell(form, `The portal cannot be reached. Your text is kept ${PLACE}; press the button again when you are back online.`, ...markOffer());
  },
  async "signed-out"(form, text, answer, { submitter }) {
    await backToTyped(form, text);
    if (await signInAgain(() => send(form, submitter))) return;
    tellUnsaved(form, text, answer, true);
  },
  async stranger(form, text, answer) {
    await backToTyped(form, text);
    tellUnsaved(form, text, answer, true);
  },
  // Nothing was saved, and the server has a page to say why: it is asked for as usual.
  async refused(form, text, answer, { submitter }) {
    await backToTyped(form, text, "shown");
    for (const field of form.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token();
    form.dataset.qiNative = "yes";
    form.requestSubmit(submitter);
  },
};

/** On one's own device an entry is done with: it waits, and there is room for another. */
async function rest(form, text) {
  await put({ ...text, state: "waiting" });
  await remove(keyOf(form));
  tell(form, "");
  form.hidden = true;
  await showNotices();
  place.firstElementChild?.focus();
}

const pageForm = (text) => [...forms.keys()].find((form) => sendKey(form) === text.key && form.hidden);

function another(form) {
  form.reset();
  for (const box of form.querySelectorAll("textarea")) box.value = "";
  submission(form).value = newNumber();
  form.hidden = false;
  form.querySelector("textarea, input:not([type=hidden])")?.focus();
}

function newNumber() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const isHere = (text) => [...forms.keys()].some((form) => keyOf(form) === text.key);

/** Whoever left a page while it was saving never heard the answer: asked again. */
async function settle() {
  const left = (await all()).filter((text) => text.isLeaving && text.at > Date.now() - GIVE_UP && !isHere(text));
  for (const text of left) if ((await asDraft(text))?.status === 200) await remove(text.key);
}

/** A form says what was typed in it and has not arrived. */
async function greet(form) {
  const text = await find(keyOf(form));
  if (!text) return;
  const isShownAgain = text.state === "shown" && document.querySelector(".nhsuk-error-summary, .qi-conflict");
  if (isShownAgain) await save(form);
  else if (essence(text.fields) === essence(fieldsOf(form))) await remove(text.key);
  else {
    const put_ = button("Put it back", () => { putBack(form, text); offer.remove(); });
    const offer = box([`Text you typed at ${when(text.at)} has not been sent. It is still ${PLACE}.`], put_, " ", throwAway(text));
    form.prepend(offer);
  }
}

function retry() {
  clearTimeout(again);
  again = setTimeout(resume, AGAIN);
}

function resume() {
  for (const [form, typing] of forms) if (typing.unsent && !typing.busy) save(form);
  sendWaiting();
}

// Signing out ---------------------------------------------------------------------------
/** Saves what it can, then empties this device. A shared one asks nothing: people leave. */
async function signOut(form) {
  await Promise.race([flush(), new Promise((done) => { setTimeout(done, AFTER_LAST_CHANGE); })]);
  const left = isOwn && !form.dataset.qiSure ? await all() : [];
  if (left.length) {
    const leave = button("Delete it and sign out", () => { form.dataset.qiSure = "yes"; signOut(form); });
    const question = box([`Text of yours has not been sent yet. Signing out deletes it from this ${DEVICE}.`], leave, " ", button("Stay signed in", () => question.remove()));
    place.prepend(question);
    return question.focus();
  }
  await wipe();
  return form.submit();
}

const flush = (isLeaving = false) => Promise.all([...forms].map(([form, typing]) => typing.first && save(form, isLeaving)));

// Start ---------------------------------------------------------------------------------
connect({ formOf: pageForm, isHere, isNew: submission, another, retry, signIn: signInAgain });
document.querySelector("main").prepend(place);
for (const form of document.querySelectorAll("form[data-qi-draft]")) {
  forms.set(form, { first: 0, savedAt: 0, timer: 0, busy: false, unsent: false, tried: null });
  form.addEventListener("input", () => typed(form));
  form.addEventListener("submit", submitted);
}
document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("data-qi-signout")) return;
  event.preventDefault();
  signOut(event.target);
});
document.addEventListener("visibilitychange", () => (document.hidden ? flush(true) : resume()));
addEventListener("online", resume);
await sort();
for (const form of forms.keys()) await greet(form);
await settle();
await showNotices();
// A page that was shown for a form to be put right is over: its text counts again.
for (const text of await all()) if (text.state === "shown") await put({ ...text, state: "typed" });
await sendWaiting();
