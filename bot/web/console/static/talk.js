"use strict";
// A talk goes on by itself: new lines come in, what is typed goes out without leaving the page, and is kept if it does not.
(() => {
  const lines = document.getElementById("lines");
  const form = document.getElementById("say");
  const atEnd = () => lines.scrollHeight - lines.scrollTop - lines.clientHeight < 80;
  const toEnd = () => { lines.scrollTop = lines.scrollHeight; };
  toEnd();

  // What the bot would answer follows what the person says; it goes into the field and is sent by hand.
  const suggested = document.getElementById("suggested");
  const suggest = async () => {
    const answer = await fetch(suggested.dataset.from).catch(() => null);
    if (answer?.ok) suggested.innerHTML = await answer.text();
  };
  suggested.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=use]");
    const area = button?.form?.elements.text;
    if (!area) return;
    event.preventDefault();
    const text = button.parentElement.querySelector(".said").textContent;
    area.value = area.value.trim() ? `${area.value}\n${text}` : text;
    area.dispatchEvent(new Event("input"));
    area.focus();
  });

  const source = new EventSource(`${lines.dataset.events}?after=${lines.dataset.last}`);
  source.addEventListener("line", (event) => {
    const { html } = JSON.parse(event.data);
    const piece = document.createElement("template");
    piece.innerHTML = html;
    const line = piece.content.firstElementChild;
    if (document.getElementById(line.id)) return;
    const follow = atEnd();
    lines.append(line);
    if (follow) toEnd();
    suggest();
  });
  source.addEventListener("changed", () => {
    const area = form?.elements.text;
    if (area && area.value.trim()) return;  // nothing that is being typed is lost
    location.reload();
  });

  if (!form) return;
  const area = form.elements.text;
  const draft = `talk-draft:${location.pathname}`;
  if (!area.value) area.value = sessionStorage.getItem(draft) || "";
  area.addEventListener("input", () => sessionStorage.setItem(draft, area.value));

  const error = () => {
    let line = document.getElementById("text-error");
    if (!line) {
      line = document.createElement("span");
      line.className = "error";
      line.id = "text-error";
      line.setAttribute("role", "alert");
      area.after(line);
    }
    return line;
  };
  const send = async () => {
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Requested-With": "fetch" },
    });
    if (answer.status === 204) {
      form.elements.key.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
      area.value = "";
      sessionStorage.removeItem(draft);
      error().textContent = "";
      return;
    }
    error().textContent = answer.status === 422 ? (await answer.json()).why : "没发出去，再点一次发送（不会发两遍）。";
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    send().catch(() => { error().textContent = "网断了，没发出去。连上后再点一次发送（不会发两遍）。"; })
      .finally(() => { button.disabled = false; area.focus(); });
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });

  const canned = document.getElementById("canned");
  if (canned) {
    canned.hidden = false;
    canned.addEventListener("change", () => {
      area.value = area.value ? `${area.value}\n${canned.value}` : canned.value;
      canned.selectedIndex = 0;
      area.focus();
    });
  }
})();
