"use strict";
// A programme on air: blocks that changed come by themselves; what is pressed and written goes out without leaving the page.
(() => {
  const live = document.getElementById("live");
  const line = document.getElementById("line");
  const reload = document.getElementById("reload");
  if (!live || !window.EventSource) return;

  const swap = ({ name, html }) => {
    const block = document.getElementById(`block-${name}`);
    if (!block) return;
    const open = [...block.querySelectorAll("details[open][id]")].map((one) => one.id);
    const at = document.activeElement;
    const place = block.contains(at) ? [at.closest("[id]")?.id, at.textContent] : null;
    block.innerHTML = html;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (place) {  // whoever was about to press something still is
      const within = (place[0] && document.getElementById(place[0])) || block;
      [...within.querySelectorAll("button, a, summary")].find((one) => one.textContent === place[1])?.focus();
    }
    if (name === "notes") toEnd();
  };
  const toEnd = () => {
    const notes = document.querySelector(".notes");
    if (notes) notes.scrollTop = notes.scrollHeight;
  };
  toEnd();

  const source = new EventSource(`${live.dataset.events}?side=${live.dataset.side}&seen=${encodeURIComponent(live.dataset.seen)}`);
  source.addEventListener("open", () => { reload.hidden = true; line.textContent = "连着，新的会自己出现。"; });
  source.addEventListener("block", (event) => swap(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    reload.hidden = false;
    line.textContent = source.readyState === EventSource.CLOSED ? "断开了，点左边刷新；可能要重新登录。" : "网断了，正在重连。";
  });

  live.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    const button = event.submitter;
    const body = new URLSearchParams(new FormData(form, button));
    if (button) button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 204) {
        if (form.hasAttribute("data-clears")) form.reset();
        line.textContent = "";
      } else if (answer.status === 409) {
        line.textContent = await answer.text();
      } else {
        line.textContent = "没成，刷新一下再试；可能要重新登录。";
      }
    } catch {
      line.textContent = "网断了，没发出去。连上以后再按一次。";
    } finally {
      if (button) button.disabled = false;
      if (form.hasAttribute("data-clears")) form.elements.text.focus();
    }
  });
})();
