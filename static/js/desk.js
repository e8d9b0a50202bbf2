// Keys for people who work here all day. Everything they do can be done without them.
// An element says by `data-key` which key means it: a button or link is pressed, anything else is gone to.
const OFF = "desk-keys-off";
const PLACE = "desk-queue";
const kept = (store, name) => { try { return store.getItem(name); } catch { return null; } };
const isOff = () => kept(localStorage, OFF) === "1";

const dialog = document.getElementById("keys");
const hint = document.querySelector("[data-keys-hint]");
const box = document.getElementById("keys-on");

function show() {
  if (hint) hint.hidden = false;
  document.documentElement.classList.toggle("keys-off", isOff());
  for (const key of document.querySelectorAll("kbd.key")) key.hidden = isOff();
  if (box) box.checked = !isOff();
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row], .pages a[rel]")];
  if (!rows.length) return;
  const row = document.activeElement.closest(".row")?.querySelector("[data-row]");
  const here = rows.indexOf(row || document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[next].focus();
}

function reach(target) {
  if (!target) return;
  const fold = target.closest("details");
  if (fold) fold.open = true;
  const field = target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), select, textarea");
  (field || target).focus();
  (field || target).scrollIntoView({ block: "center" });
}

// Where the page names nothing for a key, these are meant.
const USUAL = { c: "result", p: "promise_kind", o: "answer", s: "when", f: "flag" };

function perform(key) {
  const named = [...document.querySelectorAll(`[data-key="${key}"]`)].find((one) => one.checkVisibility());
  if (!named) reach(document.getElementById(USUAL[key]));
  else if (named.matches("button, a, summary")) press(named);
  else reach(named);
}

function press(target) {
  target.click();
  const fold = target.matches("summary") && target.parentElement.open && target.parentElement;
  if (fold) reach(fold.querySelector("input:not([type=hidden]), select, textarea"));
}

// For a row of the queue: it is ticked, and what is asked of ticked rows is gone to.
function forRow(id) {
  const field = document.getElementById(id);
  if (!field) return false;
  const tick = document.activeElement.closest(".row")?.querySelector("[name=shop]");
  if (tick && !tick.checked) tick.click();
  reach(field);
  return true;
}

function view(number) {
  document.querySelectorAll(".views a")[number - 1]?.click();
}

function back() {
  const link = document.querySelector("[data-queue]");
  if (!link) return;
  const place = kept(sessionStorage, PLACE);
  if (place && !document.getElementById("queue")) location.assign(place);
  else link.click();
}

// By the place of the key, so that a Russian layout works as well.
const ACTS = {
  KeyJ: () => move(1),
  KeyK: () => move(-1),
  KeyN: () => document.getElementById("next-case")?.requestSubmit(),
  KeyX: () => document.activeElement.closest(".row")?.querySelector("[name=shop]")?.click(),
  KeyS: () => forRow("bulk-when") || perform("s"),
  KeyF: () => forRow("bulk-note") || perform("f"),
  KeyQ: back,
};

function actOf(event) {
  if (event.shiftKey) return undefined;
  if (ACTS[event.code]) return ACTS[event.code];
  const [, kind, name] = /^(Key|Digit)(\w)$/.exec(event.code) || [];
  if (kind === "Digit") return document.querySelector(".views") && name > 0 ? () => view(Number(name)) : undefined;
  const key = name?.toLowerCase();
  return key && (USUAL[key] || document.querySelector(`[data-key="${key}"]`)) ? () => perform(key) : undefined;
}

const TYPED = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || dialog?.open) return;
  if (event.key === "Escape" && event.target.closest(TYPED)) event.target.blur();
  if (event.target.closest(TYPED)) return;
  const isSlash = event.code === "Slash" || event.key === "/" || event.key === "?";
  if (isSlash && (event.shiftKey || event.key === "?")) {
    event.preventDefault();
    dialog?.showModal();
    return;
  }
  if (isOff()) return;
  const act = isSlash ? () => reach(document.getElementById("search")) : actOf(event);
  if (!act) return;
  event.preventDefault();
  act();
});

document.querySelector("[data-keys-open]")?.addEventListener("click", () => dialog?.showModal());
box?.addEventListener("change", () => {
  try {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch { /* Kept for this page only. */ }
  show();
});
show();

// On a phone the pages of the desk are one line: the one that is open is brought into sight.
document.querySelector(".desk-nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
