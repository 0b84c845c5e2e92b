"use strict";
// While a topic is being written, the preview follows what is typed; the button does the same without a script.
(() => {
  const form = document.getElementById("writing");
  const place = document.getElementById("preview");
  if (!form || !place) return;
  let waiting = 0;
  let asked = 0;
  const refresh = async () => {
    const mine = ++asked;
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
    if (!answer.ok || mine !== asked) return;
    place.innerHTML = await answer.text();
  };
  form.addEventListener("input", (event) => {
    if (event.target.name === "question" || event.target.name === "note") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh().catch(() => { place.firstElementChild.textContent = "网断了，预览没更新。"; }), 400);
  });

  // what is not kept yet is not left by mistake
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  // Enter in the question asks it, instead of keeping the draft
  form.elements.question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=try]"));
  });
})();
