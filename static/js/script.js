// The script of a call moves on in its place: what is typed into the form of the call stays there.
const script = document.querySelector("[data-script]");
const trail = [];

const isOff = () => { try { return localStorage.getItem("desk-keys-off") === "1"; } catch { return false; } };
const shown = () => script.querySelector("[data-say]:not([hidden])");
const back = script?.querySelector("[data-say-back]");

function show(key, isBack = false) {
  const next = script.querySelector(`[data-say="${CSS.escape(key)}"]`), now = shown();
  if (!next || next === now) return;
  if (now && !isBack) trail.push(now.dataset.say);
  if (now) now.hidden = true;
  next.hidden = false;
  if (back) back.hidden = trail.length === 0;
  const url = new URL(location.href);
  url.searchParams.set("at", key);
  history.replaceState(history.state, "", url);
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function set(field, value) {
  if (!field) return;
  if (field.type === "radio") field.checked = true;
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function reach(place) {
  if (!place) return false;
  for (let fold = place.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  const field = place.matches("input, select, textarea") ? place : place.querySelector("input:not([type=hidden]), select, textarea");
  (field || place).focus();
  (field || place).scrollIntoView({ block: "center" });
  return true;
}

// The form of the call keeps what stands in it; only what the ending says is set.
function end({ result, promise, opens }) {
  if (opens === "offer" && reach(document.getElementById("offer-said"))) return true;
  const radio = document.querySelector(`input[name="result"][value="${CSS.escape(result)}"]`);
  if (!radio) return false;
  set(radio, result);
  const form = radio.form;
  const kind = form?.querySelector("[name=promise_kind]");
  if (promise) set(kind, promise);
  return reach(promise ? form.querySelector("[name=promise_when]") || kind : radio);
}

script?.addEventListener("click", (event) => {
  const way = event.target.closest("[data-way]");
  if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (way.dataset.leadsTo) {
    event.preventDefault();
    show(way.dataset.leadsTo);
  } else if (end(way.dataset)) event.preventDefault();
});

back?.addEventListener("click", () => {
  const key = trail.pop();
  if (key) show(key, true);
});

document.addEventListener("keydown", (event) => {
  if (!script || isOff() || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
  const digit = /^Digit([1-9])$/.exec(event.code);
  const way = digit && shown()?.querySelectorAll("[data-way]")[digit[1] - 1];
  if (!way) return;
  event.preventDefault();
  way.click();
});

// A canned text comes into the letter without leaving the page; what stood there stays above it.
const begin = document.querySelector("form[data-begin]");
begin?.addEventListener("submit", async (event) => {
  const key = begin.querySelector("select").value;
  const letter = document.getElementById("letter-text");
  if (!letter) return;
  event.preventDefault();
  if (!key) return;
  try {
    const answer = await fetch(`${begin.dataset.begin}?text=${encodeURIComponent(key)}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const words = await answer.json();
    letter.value = [letter.value.trim(), words.text].filter(Boolean).join("\n\n");
    const reader = letter.form.querySelector(`[name=reader][value="${CSS.escape(words.reader)}"]`);
    if (reader) reader.checked = true;
    letter.form.elements.begun_with.value = words.begun_with;
    letter.focus();
  } catch {
    begin.submit();
  }
});
