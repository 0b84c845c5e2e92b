"use strict";
// The lists of the reception stay as they are right now; a title, and a sound where one wants it, tell of who came.
(() => {
  const lists = document.getElementById("lists");
  const button = document.getElementById("sound");
  const title = document.title;
  let before = null;
  let audio = null;

  const tone = (frequency, at) => {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0.0001, audio.currentTime + at);
    gain.gain.exponentialRampToValueAtTime(0.2, audio.currentTime + at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.35);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(audio.currentTime + at);
    oscillator.stop(audio.currentTime + at + 0.4);
  };
  const ring = (urgent) => {
    if (!audio) return;
    (urgent ? [880, 660, 880, 660] : [660, 880]).forEach((frequency, n) => tone(frequency, n * 0.25));
  };

  const wanted = () => localStorage.getItem("reception-sound") === "on";
  const showSound = () => {
    button.setAttribute("aria-pressed", String(wanted()));
    button.textContent = wanted() ? "关声音提醒" : "开声音提醒";
  };
  if (window.AudioContext) {
    button.hidden = false;
    showSound();
    button.addEventListener("click", () => {
      localStorage.setItem("reception-sound", wanted() ? "off" : "on");
      showSound();
      if (wanted()) { audio ||= new AudioContext(); ring(false); }
    });
    // A browser lets nothing sound before the page was touched once.
    addEventListener("pointerdown", () => { if (wanted()) audio ||= new AudioContext(); }, { once: true });
  }

  const tell = (counts) => {
    const all = counts.alerts + counts.waiting;
    document.title = all ? `（${all}）${title}` : title;
    if (navigator.setAppBadge) navigator.setAppBadge(all).catch(() => {});
    if (before && counts.alerts > before.alerts) ring(true);
    else if (before && counts.waiting > before.waiting) ring(false);
    before = counts;
  };

  const swap = async () => {
    const answer = await fetch(lists.dataset.part, { headers: { "X-Requested-With": "fetch" } });
    if (answer.redirected || answer.status === 401) { location.reload(); return; }
    if (!answer.ok) return;
    const focused = document.activeElement && lists.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    lists.innerHTML = await answer.text();
    if (focused) lists.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  };

  const source = new EventSource(lists.dataset.events);
  source.addEventListener("changed", (event) => {
    const counts = JSON.parse(event.data);
    tell(counts);
    if (lists.firstElementChild?.dataset.mark !== counts.mark) swap().catch(() => {});
  });
  setInterval(() => { if (!document.hidden) swap().catch(() => {}); }, 60000);  // “等了 3 分钟” goes on
})();
