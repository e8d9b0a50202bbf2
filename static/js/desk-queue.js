// The list of the queue: what is ticked stays ticked while it renews itself, and one comes back to one's row.
const PLACE = "desk-queue";
const ROW = "desk-row";
const bulk = document.getElementById("bulk");
const count = bulk?.querySelector("[data-ticked]");
const ticks = () => [...document.querySelectorAll("#queue [name=shop]")];
const keep = (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* One begins at the top then. */ } };

function tell() {
  if (!bulk) return;
  const number = ticks().filter((tick) => tick.checked).length;
  bulk.hidden = !number;
  count.textContent = number || "";
}

let ticked = new Set();
document.body.addEventListener("htmx:beforeSwap", () => {
  ticked = new Set(ticks().filter((tick) => tick.checked).map((tick) => tick.value));
});
document.body.addEventListener("htmx:afterSwap", () => {
  for (const tick of ticks()) tick.checked = tick.checked || ticked.has(tick.value);
  tell();
});
document.addEventListener("change", (event) => { if (event.target.name === "shop") tell(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.target.closest("dialog")) return;
  const inBulk = bulk?.contains(event.target);
  if (!inBulk) for (const tick of ticks()) tick.checked = false;
  else (ticks().find((tick) => tick.checked)?.closest(".row").querySelector("[data-row]"))?.focus();
  tell();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-row]");
  if (link) keep(ROW, link.id);
});

bulk?.classList.add("is-live");
tell();
keep(PLACE, location.href);
// Somebody who comes back from a case goes on from its row.
try {
  document.getElementById(sessionStorage.getItem(ROW))?.focus();
  sessionStorage.removeItem(ROW);
} catch { /* One begins at the top. */ }
