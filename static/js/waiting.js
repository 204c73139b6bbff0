// Texts that wait: sent by themselves once the server answers, and told of on every page.
const { dataset } = document.getElementById("drafts-js");
const { all, ask, put, remove, token, user, verdict, PLACE } = await import(dataset.kept);
const { button, element, link, when } = await import(dataset.parts);
export const GIVE_UP = 60000;
// What the forms of this page do for a text that was written in one of them.
let page = {};
export const connect = (given) => { page = given; };

const isDue = (text) => text.state === "waiting" || (text.state === "sending" && text.at < Date.now() - GIVE_UP);

/** One tab at a time; what is sent twice all the same carries one submission number. */
function alone(act) {
  if (!navigator.locks) return act();
  return navigator.locks.request("qi-kept", { ifAvailable: true }, (lock) => lock && act());
}

export async function sendWaiting() {
  const news = { sent: [], said: "" };
  await alone(async () => {
    for (const text of (await all()).filter(isDue)) {
      const answer = await ask(text.action, { body: new URLSearchParams(text.fields) });
      news.said = verdict(answer);
      if (news.said === "saved") await arrived(text, answer, news);
      else if (news.said === "refused") await put({ ...text, state: "refused" });
      else break;
    }
  });
  if (news.said === "unreachable") page.retry();
  if (news.said) await showNotices(news);
}

async function arrived(text, answer, news) {
  await remove(text.key);
  const { address } = answer;
  const form = page.formOf(text);
  if (form && !page.isNew(form)) location.assign(address); // the page shows an old state
  news.sent.push({ ...text, address, sentAt: Date.now() });
}

/** The server shows the form again, with what is to mend. */
async function mend(text) {
  const checked = await ask(dataset.check);
  if (checked?.status !== 200) return showNotices({ said: verdict(checked) });
  const key = [user, text.form, text.object, ""].join(":");
  await put({ ...text, key, state: "shown" });
  await remove(text.key);
  const form = element("form", "");
  Object.assign(form, { method: "post", action: text.action, hidden: true });
  for (const [name, value] of [...new URLSearchParams(text.fields), ["csrfmiddlewaretoken", token()]]) {
    form.append(Object.assign(element("input", ""), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}

// What is told on every page ------------------------------------------------------------
export const place = element("div", "qi-kept");
place.setAttribute("role", "status");

export function box(words, ...acts) {
  const made = element("div", "qi-restore", element("p", "", ...words), ...acts);
  made.tabIndex = -1;
  return made;
}

export function throwAway(text) {
  const made = button("Throw it away", async () => {
    if (made.textContent === "Throw it away") made.textContent = "Yes, throw it away";
    else {
      await remove(text.key);
      made.closest(".qi-restore").remove();
    }
  });
  return made;
}

function reading(text) {
  const summary = element("summary", "nhsuk-details__summary", element("span", "nhsuk-details__summary-text", "Read it"));
  const words = text.words.map((part) => element("p", "qi-kept__text", part));
  return element("details", "nhsuk-details", summary, element("div", "nhsuk-details__text", ...words));
}

function writeAnother(text) {
  const form = page.formOf(text);
  if (!form || !page.isNew(form)) return [];
  const made = button("Write another", () => {
    made.remove();
    page.another(form);
    showNotices();
  });
  return [made, " "];
}

const about = {
  typed: (text) => box(
    [`Text you typed at ${when(text.at)} on “${text.title}” has not been sent. It is still ${PLACE}. `, link("Go to the form", text.path)],
    ...[reading(text), throwAway(text)],
  ),
  waiting(text, said) {
    const isOut = said === "signed-out";
    const why = isOut ? "You were signed out, so it waits until you sign in." : "It will be sent when you are back online.";
    const act = isOut ? button("Sign in here", () => page.signIn(sendWaiting)) : button("Send it now", sendWaiting);
    return box([`Kept ${PLACE} at ${when(text.at)}: “${text.title}”. ${why}`], reading(text), ...writeAnother(text), act, " ", throwAway(text));
  },
  refused: (text) => box(
    [`“${text.title}”, written at ${when(text.at)}, could not be saved as it stands. It is still ${PLACE}.`],
    ...[reading(text), button("Open it and put it right", () => mend(text)), " ", throwAway(text)],
  ),
  sent: (text) => box([`Sent at ${when(text.sentAt)}: “${text.title}”. `, link("See it", text.address)], ...writeAnother(text)),
};

export async function showNotices({ sent = [], said = "" } = {}) {
  const texts = (await all()).filter((text) => about[text.state] && !page.isHere(text));
  const told = place.querySelectorAll("[data-qi-sent-at]");
  const fresh = sent.map((text) => about.sent(text));
  for (const one of fresh) one.dataset.qiSentAt = "";
  place.replaceChildren(...fresh, ...told, ...texts.reverse().map((text) => about[text.state](text, said)));
}
