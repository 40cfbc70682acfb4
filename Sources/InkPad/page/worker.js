// The service worker: shows the page where the server is not there. The server writes VERSION and FILES, the
// paths of this version's files, before this.
//
// All files come into the cache at once or not at all: a server of another version has none of these paths.
// A page asks for files of its own version only, so nothing is ever mixed.
'use strict';

const CACHE = `ink-pad-${VERSION}`;

async function store() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await skipWaiting();
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('ink-pad-') && name !== CACHE)
    .map((name) => caches.delete(name)));
  await clients.claim();
}

/// The server's page where it answers, whatever its version; else the one that was kept.
async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return await caches.match(FILES[0]) ?? Response.error();
  }
}

const file = async (request) => await caches.match(request) ?? fetch(request);

addEventListener('install', (event) => event.waitUntil(store()));
addEventListener('activate', (event) => event.waitUntil(dropOthers()));
addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin || event.request.method !== 'GET') return;
  if (event.request.mode === 'navigate') event.respondWith(page(event.request));
  else if (FILES.includes(pathname)) event.respondWith(file(event.request));
});
