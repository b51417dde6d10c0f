"use strict";
// Keeps the page's files, so that it opens without a connection after the first visit. Files are
// kept under their SHA-256, packed ones under that of what is in them: a newer page takes over what
// has not changed and fetches the rest.
//
// It also adds two headers that most web hosts don't send. With them the browser lets the page use
// several processor cores.

importScripts("files.js"); // self.VERSION; self.FILES: {path: [sha256, bytes]}

const SCOPE = new URL(self.registration.scope);
const CACHE = `nocode-classifier ${SCOPE.pathname}`; // other pages of the same host have their own
const BIG = 1e6; // bytes; on the first visit such files are kept as the page fetches them

const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
  // The page has this in its own head; workers take theirs from headers.
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' blob:; media-src 'self' blob:; style-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'",
};

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  const [port] = event.ports;
  if (event.data === "version") port.postMessage(VERSION);
  else event.waitUntil(keepAll(port));
});
self.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (path) event.respondWith(answer(path, event.request));
});

async function install() {
  // An earlier page works without a connection; a newer one may not take over before it does, too.
  const isUpdate = Boolean(self.registration.active);
  const wanted = Object.keys(FILES).filter((path) => isUpdate || FILES[path][1] < BIG);
  await Promise.all(wanted.map(keep));
  await self.skipWaiting();
}

async function takeOver() {
  const cache = await caches.open(CACHE);
  const current = new Set(Object.keys(FILES).map(keyOf));
  const kept = await cache.keys();
  await Promise.all(kept.filter(({ url }) => !current.has(url)).map((request) => cache.delete(request)));
  await self.clients.claim();
}

/** Keep what is missing, and say whether all is there now. */
async function keepAll(port) {
  const done = await Promise.allSettled(Object.keys(FILES).map(keep));
  port.postMessage(done.every(({ status }) => status === "fulfilled"));
}

async function answer(path, request) {
  const kept = await (await caches.open(CACHE)).match(keyOf(path));
  if (kept) return withHeaders(kept);
  const fresh = await fetch(request);
  if (fresh.ok) store(path, fresh.clone()).catch(() => {});
  return withHeaders(fresh);
}

async function keep(path) {
  if (await (await caches.open(CACHE)).match(keyOf(path))) return;
  await store(path, await fetch(new URL(path, SCOPE), { cache: "no-cache" }));
}

/** Keep an answer if it is the very file that belongs to this version. */
async function store(path, response) {
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const headers = { "Content-Type": response.headers.get("Content-Type") || "application/octet-stream" };
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await unpacked(path, bytes)));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== FILES[path][0]) throw new Error(`${path} is of another version`);
  await (await caches.open(CACHE)).put(keyOf(path), new Response(bytes, { headers }));
}

/** What is in a file that was packed. Some hosts unpack what they send, so its first bytes tell. */
async function unpacked(path, bytes) {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (!path.endsWith(".gz") || first !== 0x1f || second !== 0x8b) return bytes;
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Which of the page's files a request is for, or null. */
function pathOf(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return null;
  const path = decodeURIComponent(url.pathname.slice(SCOPE.pathname.length)) || "index.html";
  return Object.hasOwn(FILES, path) ? path : null;
}

function keyOf(path) {
  return `${new URL(path, SCOPE)}?${FILES[path][0]}`;
}

function withHeaders(response) {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
