// Text that has not reached the server: where it stays meanwhile, and how it is sent.
// On a device its user marked as their own it stays in IndexedDB, on any other in this
// tab's session storage; never in local storage, which outlives a shift on a ward PC.
export const { qiUser: user = "" } = document.body.dataset;
export const isOwn = "qiOwn" in document.body.dataset && Boolean(globalThis.indexedDB);
export const DEVICE = matchMedia("(pointer: coarse)").matches ? "phone" : "device";
export const PLACE = isOwn ? `on this ${DEVICE}` : "in this tab";
const PREFIX = "qi-draft:";
const NAME = "qi-kept";
const STORE = "texts";
let isOthers = false; // somebody else has signed in: the device is theirs by now

// This tab ------------------------------------------------------------------------------
const tabKeys = () => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
const tabTexts = () => tabKeys().map((name) => JSON.parse(sessionStorage.getItem(name)));
const tabRemove = (key) => sessionStorage.removeItem(PREFIX + key);

function tabPut(text) {
  try {
    sessionStorage.setItem(PREFIX + text.key, JSON.stringify(text));
    return true;
  } catch {
    return false; // no room: the caller says so
  }
}

// This device ---------------------------------------------------------------------------
function finished(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

async function inDevice(mode, act) {
  const opening = indexedDB.open(NAME, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(STORE, { keyPath: "key" }));
  const database = await finished(opening);
  try {
    const work = database.transaction(STORE, mode);
    const result = await finished(act(work.objectStore(STORE)));
    await new Promise((resolve, reject) => {
      work.addEventListener("complete", resolve);
      work.addEventListener("abort", () => reject(work.error));
    });
    return result;
  } finally {
    database.close();
  }
}

// A shared device has no such database, and looking for one must not make it.
async function hasDevice() {
  if (!globalThis.indexedDB) return false;
  const known = await indexedDB.databases?.();
  return known?.some((one) => one.name === NAME) ?? true;
}

const deviceTexts = () => inDevice("readonly", (store) => store.getAll());
const deviceRemove = (key) => inDevice("readwrite", (store) => store.delete(key));

// Both ----------------------------------------------------------------------------------
/** Keeps a text; true when it is kept. A device without room falls back on the tab. */
export async function put(text) {
  try {
    if (!isOwn || isOthers) return tabPut(text);
    await inDevice("readwrite", (store) => store.put(text));
    tabRemove(text.key);
    return true;
  } catch {
    return tabPut(text);
  }
}

/** Forgets a text; with `at`, only if it was not kept again since. */
export async function remove(key, at) {
  if (at !== undefined && (await find(key))?.at !== at) return;
  tabRemove(key);
  if (isOwn) await deviceRemove(key);
}

/** All texts of this user, oldest first. */
export async function all() {
  const found = [...tabTexts(), ...(isOwn ? await deviceTexts() : [])];
  return found.filter((text) => text.user === user).sort((a, b) => a.at - b.at);
}

export const find = async (key) => (await all()).find((text) => text.key === key);

/** Other people's texts go; one's own move to where they belong on this device. */
export async function sort() {
  for (const text of tabTexts()) {
    if (text.user !== user) tabRemove(text.key);
    else if (isOwn) await put(text);
  }
  if (!(await hasDevice())) return;
  for (const text of await deviceTexts()) {
    const isMine = text.user === user;
    if (isMine && isOwn) continue;
    if (!isMine || tabPut(text)) await deviceRemove(text.key);
  }
}

/** At sign-out: nothing of anybody stays. */
export async function wipe() {
  for (const name of tabKeys()) sessionStorage.removeItem(name);
  if (await hasDevice()) await inDevice("readwrite", (store) => store.clear());
}

// Sending -------------------------------------------------------------------------------
/** The token of today's session: it changes when somebody signs in again. */
export function token() {
  const found = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return found?.slice("csrftoken=".length) ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** The server's answer: status, address to go on to, page; null where there was none. */
export async function ask(url, { body, keepalive = false, patience = 20000 } = {}) {
  const headers = { "QI-User": user, ...(body && { "X-CSRFToken": token() }) };
  const method = body ? "POST" : "GET";
  try {
    const answer = await fetch(url, { method, body, headers, keepalive, redirect: "error", signal: AbortSignal.timeout(patience) });
    isOthers = answer.status === 412;
    return { status: answer.status, address: answer.headers.get("QI-Location"), html: await answer.text() };
  } catch {
    return null;
  }
}

export const isSignIn = (address) => new URL(address, location.href).pathname.startsWith("/accounts/");

/** What became of a form: saved, signed-out, stranger, unreachable or refused. */
export function verdict(answer) {
  if (!answer) return "unreachable";
  if (answer.address !== null) return isSignIn(answer.address) ? "signed-out" : "saved";
  if (answer.status === 412) return "stranger";
  if (answer.status >= 500 || [408, 429].includes(answer.status)) return "unreachable";
  return "refused";
}
