// The clock of a call, dialling that starts it, and texts on the clipboard. Everything works without it.
function tell(clock) {
  const seconds = Math.max(Math.floor((Date.now() - Date.parse(clock.dataset.clock)) / 1000), 0);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  clock.textContent = `${hours ? `${hours}:` : ""}${hours ? two(minutes) : minutes}:${two(seconds % 60)}`;
}

const clocks = [...document.querySelectorAll("[data-clock]")];
if (clocks.length) {
  const tick = () => clocks.forEach(tell);
  tick();
  setInterval(tick, 1000);
}

// Whoever dials has begun a call: the phone gets the number, and the clock starts.
const start = document.getElementById("start-call");
document.addEventListener("click", (event) => {
  const number = event.target.closest?.("[data-dial]")?.dataset.dial;
  if (!number || !start || event.ctrlKey || event.metaKey || event.shiftKey) return;
  start.elements.number.value = number;
  setTimeout(() => start.requestSubmit(), 300);
});

function textOf(id) {
  const field = document.getElementById(id);
  return field ? field.value ?? field.textContent : "";
}

async function copy(press) {
  const field = document.getElementById(press.dataset.copy);
  try {
    await navigator.clipboard.writeText(textOf(press.dataset.copy));
  } catch {
    field?.focus();
    field?.select?.();
    return;
  }
  if (!press.dataset.copied) return;
  const shown = press.innerHTML;
  press.textContent = press.dataset.copied;
  setTimeout(() => { press.innerHTML = shown; }, 2000);
}

for (const press of document.querySelectorAll("[data-copy]")) {
  press.hidden = false;
  press.addEventListener("click", () => copy(press));
}
for (const note of document.querySelectorAll("[data-copy-note]")) note.hidden = false;

for (const press of document.querySelectorAll("[data-tick-all-press]")) {
  const boxes = [...press.closest("[data-tick-all]").querySelectorAll("input[name=also_for]")];
  press.hidden = boxes.length < 2;
  press.addEventListener("click", () => {
    const isAll = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !isAll;
  });
}
