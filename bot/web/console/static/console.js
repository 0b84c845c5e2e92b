// What makes the pages quicker; each of them works without it. Keys: g and a letter goes to a page, / to the search, ? shows all.
"use strict";
(() => {
  const sheet = document.getElementById("sheet");
  const open = () => { if (sheet && !sheet.open) sheet.showModal(); };
  const button = document.querySelector("[data-sheet]");
  if (button && sheet) {
    button.hidden = false;
    button.addEventListener("click", () => { button.closest("details").open = false; open(); });
  }

  let going = 0;
  const places = { h: "/console" };
  for (const link of document.querySelectorAll(".top [data-key]")) places[link.dataset.key] = link.href;
  const writes = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writes(event.target)) return;
    if (sheet && sheet.open && event.key !== "?") return;
    if (event.key === "?") {
      event.preventDefault();
      if (sheet && sheet.open) sheet.close(); else open();
    } else if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "g") {
      going = event.timeStamp;
    } else if (going && event.timeStamp - going < 1500 && Object.hasOwn(places, event.key)) {
      location.assign(places[event.key]);
    } else {
      going = 0;
    }
  });

  // a menu closes when something else is pressed, or with Escape
  const menu = document.querySelector("details.me");
  if (menu) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
  }

  // what was told once is not told again when the page is reloaded or gone back to
  const here = new URL(location.href);
  if (here.searchParams.has("notice")) {
    here.searchParams.delete("notice");
    history.replaceState(history.state, "", here);
  }

  // a form is sent once
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });

  const wrong = document.querySelector("[aria-invalid=true]");
  if (wrong) (wrong.matches("fieldset") ? wrong.querySelector("input") : wrong).focus();
})();
