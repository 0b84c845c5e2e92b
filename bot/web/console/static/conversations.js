// Conversations by keyboard, and who else has one open. The pages work without it.
"use strict";
(() => {
  const writes = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  const links = [...document.querySelectorAll("[data-talks] > li > a")];
  let at = -1;
  const go = (step) => {
    if (links.length) {
      at = Math.min(Math.max(at + step, 0), links.length - 1);
      links[at].focus();
      links[at].scrollIntoView({ block: "nearest" });
      return;
    }
    const link = document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]");
    if (link) location.assign(link.href);
  };
  const press = (what) => {
    for (const input of document.querySelectorAll("form[action*='/mark'] input[name=do]")) {
      if (what.includes(input.value)) { input.form.requestSubmit(); return; }
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writes(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "r") press(["reviewed"]);
    else if (event.key === "f") press(["flag", "unflag"]);
  });

  const box = document.querySelector("[data-here]");
  if (!box) return;
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(box.dataset.here, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const seen = await answer.json();
    const told = [];
    if (seen.others.length) told.push(`${seen.others.join("、")}也开着这段对话。`);
    if (String(seen.last) !== box.dataset.last) told.push("对方又说话了，刷新就能看到。");
    if (String(seen.version) !== box.dataset.version || String(seen.notes) !== box.dataset.notes) {
      told.push("有人改了标记或备注，刷新就能看到。");
    }
    const text = told.join("");
    if (box.textContent !== text) box.textContent = text;
    box.hidden = text === "";
  };
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
})();
