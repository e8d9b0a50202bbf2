// Keys for people who work here all day. Everything they do can be done without them.
const OFF = "desk-keys-off";
const isOff = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };

const dialog = document.getElementById("keys");
const hint = document.querySelector("[data-keys-hint]");
const box = document.getElementById("keys-on");

function show() {
  if (hint) hint.hidden = false;
  for (const key of document.querySelectorAll("kbd.key")) key.hidden = isOff();
  if (box) box.checked = !isOff();
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[next].focus();
}

function reach(id) {
  const field = document.getElementById(id);
  if (!field) return;
  const fold = field.closest("details");
  if (fold) fold.open = true;
  const target = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
  (target || field).focus();
  (target || field).scrollIntoView({ block: "center" });
}

// By the place of the key, so that a Russian layout works as well.
const ACTS = {
  KeyJ: () => move(1),
  KeyK: () => move(-1),
  KeyN: () => document.getElementById("next-case")?.requestSubmit(),
  KeyC: () => reach("result"),
  KeyP: () => reach("promise_kind"),
  KeyO: () => reach("answer"),
  KeyS: () => reach("when"),
  KeyQ: () => document.querySelector("[data-queue]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || dialog?.open) return;
  if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return;
  const isSlash = event.code === "Slash" || event.key === "/" || event.key === "?";
  if (isSlash && (event.shiftKey || event.key === "?")) {
    event.preventDefault();
    dialog?.showModal();
    return;
  }
  if (isOff()) return;
  const act = isSlash ? () => reach("search") : event.shiftKey ? undefined : ACTS[event.code];
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
