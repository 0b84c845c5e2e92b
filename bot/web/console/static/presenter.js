// The presenter view: one item at a time, by keys; marks of what was on air wait here until they have arrived.
"use strict";
(() => {
  const body = document.body;
  const items = [...document.querySelectorAll(".item[data-item]")];
  if (!items.length) return;
  const slot = Number(body.dataset.slot);
  const key = `duihua-presenter-${body.dataset.sheet}`;
  const by = (id) => document.getElementById(id);
  const told = by("told");

  // what has to outlive a reload: marks that have not arrived, when it began, where we are
  // and what the server said of marks (a page that is shown without the network is as old as the last visit)
  const fresh = { queue: [], began: 0, at: 0, known: {} };
  let state = fresh;
  try { state = { ...fresh, ...JSON.parse(localStorage.getItem(key) || "{}") }; } catch (error) { console.warn("begun anew", error); }
  const keep = () => localStorage.setItem(key, JSON.stringify(state));
  state.at = Math.min(Math.max(state.at, 0), items.length - 1);
  let entered = Date.now();

  const minutes = (seconds) => {
    const n = Math.floor(Math.abs(seconds));
    return `${seconds < 0 ? "−" : ""}${Math.floor(n / 60)}:${String(n % 60).padStart(2, "0")}`;
  };

  const tick = () => {
    const used = state.began ? (Date.now() - state.began) / 1000 : 0;
    const spent = state.began ? (Date.now() - Math.max(entered, state.began)) / 1000 : 0;
    const planned = Number(items[state.at].dataset.seconds);
    by("elapsed").textContent = minutes(used);
    by("left").textContent = minutes(Math.ceil(slot - used));
    by("left").parentElement.classList.toggle("over", used > slot);
    by("spent").textContent = minutes(spent);
    by("spent").parentElement.classList.toggle("over", spent > planned);
    by("planned").textContent = minutes(planned);
  };
  const begin = () => { if (!state.began) { state.began = Date.now(); entered = Date.now(); } };

  const show = () => {
    items.forEach((one, n) => {
      one.classList.toggle("here", n === state.at);
      one.classList.toggle("aired", one.dataset.aired === "1");
    });
    const aired = items[state.at].dataset.aired === "1";
    by("mark").textContent = aired ? "撤销已播" : "已播";
    by("mark").classList.toggle("undoes", aired);
    by("before").disabled = state.at === 0;
    by("next").disabled = state.at === items.length - 1;
    tick();
  };

  const go = (steps) => {
    begin();
    const at = Math.min(Math.max(state.at + steps, 0), items.length - 1);
    if (at !== state.at) { state.at = at; entered = Date.now(); window.scrollTo(0, 0); }
    keep();
    show();
  };

  const mark = (aired) => {
    const item = items[state.at];
    if ((item.dataset.aired === "1") === aired) return;
    begin();
    item.dataset.aired = aired ? "1" : "";
    state.queue.push({ item: Number(item.dataset.item), aired, at: new Date().toISOString() });
    keep();
    show();
    send();
  };

  // -- what waits is sent in its order, again and again until it has arrived
  let sending = false;
  let wait = 0;
  const later = (seconds) => { clearTimeout(wait); wait = setTimeout(send, seconds * 1000); };
  const waits = () => `已记在这台机器上（${state.queue.length} 条）`;
  async function send() {
    if (sending || !state.queue.length) return;
    sending = true;
    const marks = state.queue.slice(0, 100);
    try {
      const answer = await fetch(body.dataset.send, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ marks }),
        signal: AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined,  // a network that only seems to be there
      });
      if (answer.ok) { const said = await answer.json(); arrived(marks, said.aired, said.at); }
      else if (answer.status === 401 || answer.redirected) { told.textContent = `登录过期了，另开一页登录，${waits()}，会自己补上。`; later(15); }
      else { told.textContent = `没存上，${waits()}，过一会儿再试。`; later(15); }
    } catch (error) {
      told.textContent = `断网了，${waits()}，连上会自己补上。`;
      later(5);
    } finally {
      sending = false;
    }
  }

  const arrived = (marks, stands, at) => {
    state.queue = state.queue.slice(marks.length);
    for (const [item, aired] of Object.entries(stands)) state.known[item] = { aired: Boolean(aired), at };
    keep();
    const waiting = new Set(state.queue.map((one) => one.item));
    let refused = 0;
    for (const { item, aired } of marks) {
      if (waiting.has(item)) continue;
      const place = items.find((one) => one.dataset.item === String(item));
      const stood = Boolean(stands[item]);
      if (place && stood !== aired && (place.dataset.aired === "1") === aired) refused += 1;
      if (place) place.dataset.aired = stood ? "1" : "";
    }
    told.textContent = refused ? "有一条没记上：听众撤回了，或者已经从节目单上拿掉。" : "已存好";
    show();
    if (state.queue.length) later(0);
  };

  // what was marked here since the page was made counts, whether it has arrived or not
  for (const one of items) {
    const known = state.known[one.dataset.item];
    if (known && Date.parse(known.at) >= Date.parse(body.dataset.made)) one.dataset.aired = known.aired ? "1" : "";
  }
  for (const one of state.queue) {
    const place = items.find((item) => item.dataset.item === String(one.item));
    if (place) place.dataset.aired = one.aired ? "1" : "";
  }

  const keys = {
    Enter: () => mark(true), " ": () => go(1), PageDown: () => go(1), ArrowRight: () => go(1),
    ArrowLeft: () => go(-1), PageUp: () => go(-1), Backspace: () => mark(false),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest("a")) return;
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    if (!event.repeat) keys[event.key]();
  });
  by("before").addEventListener("click", () => go(-1));
  by("next").addEventListener("click", () => go(1));
  by("mark").addEventListener("click", () => mark(items[state.at].dataset.aired !== "1"));
  by("again").addEventListener("click", () => { state.began = Date.now(); entered = Date.now(); keep(); tick(); });
  window.addEventListener("online", send);

  // the screen of a phone stays on while it is read from, where the browser can do that
  const awake = () => {
    if (document.visibilityState === "visible" && navigator.wakeLock) navigator.wakeLock.request("screen").catch((error) => console.info("the screen may go dark", error));
  };
  document.addEventListener("visibilitychange", awake);
  awake();

  if (navigator.serviceWorker) navigator.serviceWorker.register(body.dataset.worker, { scope: location.pathname }).catch((error) => console.info("no reload without the network", error));

  body.classList.add("one");
  for (const one of document.querySelectorAll(".clock, .bar, .keys, #again")) one.hidden = false;
  setInterval(tick, 250);
  show();
  send();
})();
