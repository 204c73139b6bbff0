// Small parts of a page that scripts make, and how they say when.
export function element(name, className, ...content) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
}

export function button(words, act) {
  const made = element("button", "nhsuk-button nhsuk-button--secondary nhsuk-button--small", words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export function link(words, address) {
  const made = element("a", "", words);
  made.href = address;
  return made;
}

export const hours = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

export function when(at) {
  const day = new Date(at);
  const today = day.toDateString() === new Date().toDateString();
  return today ? hours(at) : `${hours(at)} on ${day.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}`;
}
