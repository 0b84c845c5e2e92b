// Has one presenter page ready where the network is gone. Only the sheet opened last is kept, and nothing else.
"use strict";
const KEPT = "duihua-presenter";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(keepOpenPages)));

// the page that brought this worker was loaded before it ran
async function keepOpenPages() {
  for (const client of await self.clients.matchAll({ type: "window" })) await fromNetwork(new Request(client.url, { credentials: "same-origin" }));
}

async function fromNetwork(request) {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await keep(request.url.split("#")[0], answer.clone());
  return answer;
}

async function keep(url, answer) {
  const page = await answer.clone().text();
  await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  const parts = [...page.matchAll(/(?:src|href)="(\/[^"]*\/static\/[^"]+)"/g)].map((found) => found[1]);
  await cache.addAll(parts);
  await cache.put(url, answer);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fromNetwork(request).catch(async (error) => {
      const kept = await caches.match(request.url.split("#")[0]);
      if (!kept) throw error;
      return kept;
    }));
  } else if (new URL(request.url).pathname.includes("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
