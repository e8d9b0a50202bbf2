// Shows the address that is hidden from robots to people.
"use strict";
for (const link of document.querySelectorAll("[data-cfemail]")) {
  const bytes = link.dataset.cfemail.match(/../g).map((pair) => parseInt(pair, 16));
  const address = bytes.slice(1).map((byte) => String.fromCharCode(byte ^ bytes[0])).join("");
  link.textContent = address;
  link.href = "mailto:" + address;
}
