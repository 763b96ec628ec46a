// Without a network a mentor finds an empty form here instead of the browser's own page.
// Kept are only pages and files that are the same for everybody: never a page about a child.
"use strict";
const asked = new URL(self.location.href).searchParams;
const language = asked.get("language");
const CACHE = `shell-${language}-${asked.get("v")}`;
const page = (name) => `/phone/${name}?language=${language}`;
const PAGES = ["held", "cancelled", "nothing"].map(page);
const FILES = ["/static/style.css", "/static/nicer.js", "/static/drafts.js"];
// `omit`: what is kept must not be made for whoever is signed in.
const fresh = (address) => new Request(address, { credentials: "omit", cache: "reload" });

self.addEventListener("install", (event) => {
  const keep = async () => (await caches.open(CACHE)).addAll([...PAGES, ...FILES].map(fresh));
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

const shell = (path) => {
  const form = /^\/my-matches\/\d+\/meetings\/(new|cancelled)$/.exec(path);
  return page(form ? { new: "held", cancelled: "cancelled" }[form[1]] : "nothing");
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  const kept = request.mode === "navigate" ? shell(address.pathname) : address.pathname;
  if (request.mode !== "navigate" && !FILES.includes(kept)) return;
  event.respondWith(fetch(request).catch(async () => (await caches.match(kept)) ?? Response.error()));
});
