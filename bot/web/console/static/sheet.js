// A running sheet by keys: Alt and an arrow moves the item that has the focus. Without this there are the buttons.
"use strict";
(() => {
  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const item = document.activeElement && document.activeElement.closest(".running > li");
    const steps = event.key === "ArrowUp" ? "-1" : "1";
    const field = item && item.querySelector(`[name=steps][value="${steps}"]`);
    if (!field) return;
    event.preventDefault();
    field.form.requestSubmit();
  });

  const at = location.hash.startsWith("#item-") && document.getElementById(location.hash.slice(1));
  if (at) at.focus();
})();
