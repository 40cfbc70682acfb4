// The browser's own database, which is on the disk at once, and word between the tabs of one browser: each
// has the same database, and none writes over what another one has.

/// Other tabs, where the browser lets them hear each other.
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('ink-pad') : null;
const hearers = new Map();
channel?.addEventListener('message', ({ data }) => hearers.get(data?.type)?.(data));

/// Does something when another tab says this.
export function hear(type, action) { hearers.set(type, action); }

export function tellTabs(type, content = {}) { channel?.postMessage({ type, ...content }); }

export const result = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

let opened = null;                      // a promise of the database

function database() {
  opened ??= new Promise((done, fail) => {
    const request = indexedDB.open('ink-pad', 2);
    request.onupgradeneeded = () => {
      const { result: made } = request;
      if (!made.objectStoreNames.contains('sheets')) made.createObjectStore('sheets', { keyPath: 'tab' });
      made.createObjectStore('history', { keyPath: 'id' });
    };
    request.onsuccess = () => {
      // A page of a newer server wants another database: this one is in its way no longer.
      request.result.onversionchange = () => request.result.close();
      done(request.result);
    };
    request.onerror = () => fail(request.error);
  });
  return opened;
}

/// Does something with stores, all of it or nothing: it is done when this is. What is returned is waited for.
export async function transact(names, mode, action) {
  const transaction = (await database()).transaction(names, mode);
  const isDone = new Promise((done, fail) => {
    transaction.oncomplete = done;
    transaction.onabort = () => fail(transaction.error);
  });
  // Where both fail, one word of it is enough.
  isDone.catch(() => {});
  const found = await action(...names.map((name) => transaction.objectStore(name)));
  await isDone;
  return found;
}
