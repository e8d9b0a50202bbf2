// Sends the form in the background and shows what the shop answers.
"use strict";
const form = document.getElementById("feedback");
const thanks = form.querySelector(".thanks");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  const said = await answer.json();
  thanks.textContent = said.success ? said.message : Object.values(said.errors).join(". ");
  thanks.hidden = false;
  if (said.success) form.reset();
});
